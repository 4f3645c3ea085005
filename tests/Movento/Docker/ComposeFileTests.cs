using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Movento.Commands;
using Movento.Harness;
using Movento.Hosting;
using Movento.Tests.Hosting;

namespace Movento.Tests.Docker;

/// <summary>What docker/ says of this program, held against the program; an engine is not needed for that.</summary>
[Collection(HostCollection.Name)]
public sealed partial class ComposeFileTests(HostFixture host)
{
    // What there is in each image to be run, which nothing here can look at.
    private static readonly Dictionary<string, string[]> Programs = new()
    {
        ["movento"] = ["bash"],
        ["postgres"] = ["pg_isready"],
        ["rabbitmq"] = ["rabbitmq-diagnostics"],
        ["redis"] = ["redis-cli"],
        ["minio"] = ["mc"],
    };

    private static string[] OwnServices => [.. ComposeFile.Read().Services.Where(service => service.Value.Image is null).Select(service => service.Key)];

    public static TheoryData<string> Own => [.. OwnServices];

    [Theory]
    [MemberData(nameof(Own))]
    public void Service_OfThisProgram_IsStartedWithSettingsThatItKnows(string name) => Assert.NotEqual(default, OptionsOf(name).Roles);

    [Fact]
    public void Services_Together_HaveEveryRole() =>
        Assert.Equal(Roles.All, OwnServices.Select(name => OptionsOf(name).Roles).Aggregate((one, other) => one | other));

    [Fact]
    public void Settings_ThatAreWrong_AreNamed()
    {
        // Else the test above would prove nothing.
        var wrong = Assert.Throws<StartException>(() => OptionsOf("edge", ("Edge__Redis__Konfiguration", "x"), ("Api__Url", "8080")));
        Assert.Equal(2, wrong.Reasons.Count);
    }

    [Theory]
    [MemberData(nameof(Own))]
    public async Task HealthCheck_OfThisProgram_SaysWhatTheServerSays(string name)
    {
        var test = ComposeFile.Read().Services[name].Healthcheck!.Test;
        Assert.Equal(["CMD", "bash", "-c"], test[..3]);
        var options = OptionsOf(name);
        var isEdge = options.Roles == Roles.Edge;
        Assert.Equal(new Uri(isEdge ? options.EdgeServer.Url : options.Api.Url).Port, int.Parse(Port().Match(test[3]).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));

        var server = new Uri(MoventoHost.AddressOf(isEdge ? host.Host.Edge! : host.Host.Api!));
        await Eventually.TrueAsync(async () => await RunAsync(server.Port) == 0, "the server is ready");
        Assert.NotEqual(0, await RunAsync(FreePort.Next()));
        using var unready = new TcpListener(IPAddress.Loopback, 0);
        unready.Start();
        var answered = RefuseAsync(unready);
        Assert.NotEqual(0, await RunAsync(((IPEndPoint)unready.LocalEndpoint).Port));
        await answered;

        async Task<int> RunAsync(int port)
        {
            using var process = Process.Start(new ProcessStartInfo(test[1], [test[2], Port().Replace(test[3], $"/dev/tcp/127.0.0.1/{port}")]) { RedirectStandardError = true })!;
            await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }

    [Fact]
    public void HealthChecks_AreThereWhereTheyAreWaitedFor_AndRunWhatTheirImagesHave()
    {
        var services = ComposeFile.Read().Services;
        foreach (var (_, service) in services)
        {
            foreach (var (name, dependency) in service.DependsOn)
                Assert.True(dependency.Condition == "service_started" || services[name].Healthcheck is not null, $"{name} has no health check.");
        }

        foreach (var (name, service) in services.Where(service => service.Value.Healthcheck is not null))
        {
            Assert.Equal("CMD", service.Healthcheck!.Test[0]);
            Assert.Contains(service.Healthcheck.Test[1], Programs[service.Image is null ? "movento" : name]);
        }
    }

    [Fact]
    public void Variables_AreToldOfWhereTheFileBegins()
    {
        var head = ComposeFile.Text[..ComposeFile.Text.IndexOf("name:", StringComparison.Ordinal)];
        Assert.All(Variable().Matches(ComposeFile.Text).Select(match => match.Groups[1].Value).Distinct(), name => Assert.Contains(name, head, StringComparison.Ordinal));
    }

    // As the container's process reads them: its image's words, its service's, and its environment's.
    private static MoventoOptions OptionsOf(string name, params (string Name, string Value)[] more)
    {
        var service = ComposeFile.Read().Services[name];
        var entry = ComposeFile.EntryPoint();
        Assert.Equal(["dotnet", "/app/movento.dll", "serve"], entry[..3]);
        var environment = service.Environment.Select(pair => (Name: pair.Key["Movento__".Length..], Value: ComposeFile.Filled(pair.Value))).Concat(more);
        var settings = environment.SelectMany(pair => (string[])["--set", $"{pair.Name.Replace("__", ":", StringComparison.Ordinal)}={pair.Value}"]);
        var command = new Command("serve");
        var options = new ServeOptions(command);
        var arguments = command.Parse([.. entry[3..], .. service.Command, .. settings]);
        Assert.Empty(arguments.Errors);
        return options.Read(arguments);
    }

    private static async Task RefuseAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[512], 16, throwOnEndOfStream: false);
        await stream.WriteAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
    }

    [GeneratedRegex(@"/dev/tcp/127\.0\.0\.1/(\d+)")]
    private static partial Regex Port();

    [GeneratedRegex(@"\$\{(\w+)")]
    private static partial Regex Variable();
}
