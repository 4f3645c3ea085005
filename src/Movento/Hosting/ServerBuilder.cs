namespace Movento.Hosting;

/// <summary>What each of a process's servers begins with.</summary>
public static class ServerBuilder
{
    // Settings are read once, by OptionsReader. ASP.NET would watch the working directory for an appsettings.json of its own, with everything below it: each file
    // that an encode or the database writes there would be told of, once for every server.
    // And a variable of the environment would have it believe what anybody writes into X-Forwarded-For: only Api:Proxies says whom to believe.
    private static readonly string[] AsConfigured = ["--hostBuilder:reloadConfigOnChange=false", "--ForwardedHeaders_Enabled=false"];

    /// <summary>A builder without anything that is not asked for.</summary>
    public static WebApplicationBuilder Create() => WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = AsConfigured });
}
