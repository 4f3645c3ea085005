using Movento.ControlPlane;
using Movento.Edge;
using Movento.Ingest;
using Movento.Storage;

namespace Movento.Hosting;

/// <summary>Binds and validates <see cref="MoventoOptions"/>, gathering everything that is wrong before it says so.</summary>
public static class OptionsReader
{
    /// <param name="data">The data folder the command line names.</param>
    /// <param name="commandLine">Settings of the command line, such as <c>Movento:Api:Url</c>.</param>
    /// <exception cref="StartException">With every error.</exception>
    public static MoventoOptions Read(DataFolder data, IReadOnlyDictionary<string, string?> commandLine)
    {
        var errors = new List<string>();
        var root = Configuration(data, commandLine, errors);
        var movento = root.GetSection("Movento");

        // A typing mistake in a name must not pass as a default.
        foreach (var unknown in movento.GetChildren().Select(section => section.Key).Except(Sections, StringComparer.OrdinalIgnoreCase))
            errors.Add($"There is no setting Movento:{unknown}; there are {string.Join(", ", Sections)}.");

        var api = Bind<ApiServerOptions>("Api");
        var edgeServer = Bind<EdgeServerOptions>("EdgeServer");
        var storage = Bind<StorageOptions>("Storage");
        var ingest = Bind<IngestOptions>("Ingest");
        var controlPlane = Bind<ControlPlaneOptions>("ControlPlane");
        var edge = Bind<EdgeOptions>("Edge");
        edge.WarmUp.Path ??= data.HotList;
        if (movento["Storage:Files:Folder"] is null) storage.Files.Folder = data.Objects;
        if (movento["Ingest:WorkFolder"] is null) ingest.WorkFolder = data.Work;
        // One that cannot be read is named once, as the edge's.
        if (!edge.Validate().Any())
        {
            controlPlane.OutputCaching.Redis ??= edge.Redis.Configuration;
            api.Limits.Redis ??= edge.Redis.Configuration;
        }

        controlPlane.EdgeUrl = (edgeServer.PublicUrl ?? edgeServer.Url).TrimEnd('/');
        if (movento["ControlPlane:Mail:PagesUrl"] is null) controlPlane.Mail.PagesUrl = api.Url.TrimEnd('/');
        if (movento["ControlPlane:Mail:OutboxFolder"] is null) controlPlane.Mail.OutboxFolder = data.Outbox;
        if (movento["ControlPlane:Billing:ReturnUrl"] is null) controlPlane.Billing.ReturnUrl = api.Url.TrimEnd('/');
        // On this machine alone, pages come over plain HTTP; anywhere else TLS stands in front.
        if (Uri.TryCreate(api.Url, UriKind.Absolute, out var url) && url is { IsLoopback: true, Scheme: "http" })
            controlPlane.CookieSecure = movento.GetValue("ControlPlane:CookieSecure", false);
        var options = new MoventoOptions
        {
            Roles = ReadRoles(movento["Roles"], errors),
            Data = data,
            SecretsFile = movento["SecretsFile"] ?? data.SecretsFile,
            Api = api,
            EdgeServer = edgeServer,
            Database = Bind<DatabaseOptions>("Database"),
            Messaging = Bind<MessagingOptions>("Messaging"),
            Storage = storage,
            Ingest = ingest,
            Edge = edge,
            ControlPlane = controlPlane,
        };

        errors.AddRange(options.Api.Validate());
        errors.AddRange(options.EdgeServer.Validate());
        errors.AddRange(options.Database.Validate());
        errors.AddRange(options.Messaging.Validate());
        errors.AddRange(options.Storage.Validate().Select(sentence => "Movento:" + sentence));
        errors.AddRange(options.Ingest.Validate().Select(sentence => "Movento:" + sentence));
        errors.AddRange(options.Edge.Validate().Select(sentence => "Movento:" + sentence));
        errors.AddRange(options.ControlPlane.Validate().Select(sentence => "Movento:ControlPlane:" + sentence));
        if (options.Roles != Roles.All && options.Messaging.RabbitMq is null && (options.Roles & ~Roles.Edge) != 0)
            errors.Add("Movento:Roles names some roles only: the others run elsewhere, so Movento:Messaging:RabbitMq must say how to reach them.");
        if (options.Roles != Roles.All && options.Database.ConnectionString is null && (options.Roles & ~Roles.Edge) != 0)
            errors.Add("Movento:Roles names some roles only: they share a database, so Movento:Database:ConnectionString must say where it is.");
        return errors.Count == 0 ? options : throw new StartException(errors);

        T Bind<T>(string section)
            where T : class, new()
        {
            try
            {
                return movento.GetSection(section).Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
            }
            catch (InvalidOperationException error)
            {
                errors.Add($"Movento:{section}: {error.Message}{(error.InnerException is { } inner ? " " + inner.Message : "")}");
                return new T();
            }
        }
    }

    private static readonly string[] Sections =
        ["Roles", "SecretsFile", "Api", "EdgeServer", "Database", "Messaging", "Storage", "Ingest", "Edge", "ControlPlane"];

    private static IConfigurationRoot Configuration(
        DataFolder data, IReadOnlyDictionary<string, string?> commandLine, List<string> errors)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(data.SettingsFile, optional: true)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(commandLine)
                .Build();
        }
        catch (InvalidDataException error)
        {
            errors.Add($"{data.SettingsFile} cannot be read: {error.InnerException?.Message ?? error.Message}");
            return new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(commandLine).Build();
        }
    }

    private static Roles ReadRoles(string? text, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return Roles.All;
        Roles roles = 0;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Enum.TryParse<Roles>(word, ignoreCase: true, out var role) && !char.IsAsciiDigit(word[0])) roles |= role;
            else errors.Add($"Movento:Roles: there is no role '{word}'; there are edge, ingest, worker, control.");
        }

        return roles;
    }
}
