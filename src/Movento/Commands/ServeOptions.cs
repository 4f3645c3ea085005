using System.CommandLine;
using Movento.Hosting;

namespace Movento.Commands;

/// <summary>The options of every command that runs the system.</summary>
internal sealed class ServeOptions
{
    private readonly Option<string?> _data = DataOption();

    private readonly Option<string?> _roles = new("--roles")
    {
        Description = "What this process does: any of edge,ingest,worker,control (default: all).",
    };

    private readonly Option<string?> _url = new("--url")
    {
        Description = "Where API and pages listen (default: http://localhost:8080).",
    };

    private readonly Option<string?> _edgeUrl = new("--edge-url")
    {
        Description = "Where the edge listens (default: http://localhost:8081).",
    };

    private readonly Option<string?> _encryption = new("--encryption")
    {
        Description = "How films are encrypted: none, cbcs, cenc or aes-128 (default: none).",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Any other setting, such as --set Storage:Kind=s3; see the README.",
    };

    /// <summary>Adds the options to a command.</summary>
    public ServeOptions(Command command)
    {
        foreach (var option in (Option[])[_data, _roles, _url, _edgeUrl, _encryption, _set]) command.Options.Add(option);
    }

    /// <summary>The option that names the data folder, which other commands have too.</summary>
    public static Option<string?> DataOption() => new("--data")
    {
        Description = $"The data folder (default: {DataFolder.Default.Path}).",
    };

    /// <summary>The data folder as an absolute path.</summary>
    public static DataFolder DataOf(string? path) => path is null ? DataFolder.Default : new DataFolder(Path.GetFullPath(path));

    /// <summary>Binds everything that can be configured.</summary>
    /// <exception cref="StartException">With every error.</exception>
    public MoventoOptions Read(ParseResult arguments)
    {
        var settings = new Dictionary<string, string?>();
        Set("Movento:Roles", arguments.GetValue(_roles));
        Set("Movento:Api:Url", arguments.GetValue(_url));
        Set("Movento:EdgeServer:Url", arguments.GetValue(_edgeUrl));
        Set("Movento:Ingest:Encryption", arguments.GetValue(_encryption));
        foreach (var setting in arguments.GetValue(_set) ?? [])
        {
            var separator = setting.IndexOf('=', StringComparison.Ordinal);
            if (separator <= 0) throw new StartException([$"--set takes Name=value, not '{setting}'."]);
            Set("Movento:" + setting[..separator], setting[(separator + 1)..]);
        }

        return OptionsReader.Read(DataOf(arguments.GetValue(_data)), settings);

        void Set(string name, string? value)
        {
            if (value is not null) settings[name] = value;
        }
    }
}
