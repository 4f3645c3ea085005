using Movento.ControlPlane;
using Movento.Edge;
using Movento.Ingest;
using Movento.RateLimits;
using Movento.Storage;

namespace Movento.Hosting;

/// <summary>
/// Everything that can be configured, bound once at start from (later wins) <c>{DataFolder}/movento.json</c>, environment variables
/// such as <c>Movento__Api__Url</c>, and the command line. The defaults are the embedded system on one machine.
/// </summary>
public sealed record MoventoOptions
{
    /// <summary>What this process does.</summary>
    public Roles Roles { get; init; } = Roles.All;

    /// <summary>Where this process keeps what is its own.</summary>
    public required DataFolder Data { get; init; }

    /// <summary>The secrets file; in the data folder unless several machines share one.</summary>
    public required string SecretsFile { get; init; }

    /// <summary>The server of API and pages.</summary>
    public required ApiServerOptions Api { get; init; }

    /// <summary>The server of media.</summary>
    public required EdgeServerOptions EdgeServer { get; init; }

    /// <summary>PostgreSQL.</summary>
    public required DatabaseOptions Database { get; init; }

    /// <summary>RabbitMQ, or messages inside the process.</summary>
    public required MessagingOptions Messaging { get; init; }

    /// <summary>The object store.</summary>
    public required StorageOptions Storage { get; init; }

    /// <summary>Uploads and encodes.</summary>
    public required IngestOptions Ingest { get; init; }

    /// <summary>Delivery.</summary>
    public required EdgeOptions Edge { get; init; }

    /// <summary>Users, catalogue, playback.</summary>
    public required ControlPlaneOptions ControlPlane { get; init; }
}

/// <summary>The server of API and pages (section <c>Movento:Api</c>).</summary>
public sealed class ApiServerOptions
{
    /// <summary>The address it listens on.</summary>
    public string Url { get; set; } = "http://localhost:8080";

    /// <summary>Addresses and networks (<c>10.0.0.0/8</c>) of the proxies in front, whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> count; nobody's
    /// do else.</summary>
    public List<string> Proxies { get; set; } = [];

    /// <summary>How long browsers that came by https remember to come so (HSTS).</summary>
    public TimeSpan HstsMaxAge { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Whether they remember it for every host below this one too.</summary>
    public bool HstsIncludeSubDomains { get; set; } = true;

    /// <summary>How many requests it takes of each.</summary>
    public RateLimitOptions Limits { get; set; } = new();

    /// <summary>What is wrong with these options, a sentence each.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var sentence in ServerUrl.Validate("Movento:Api:Url", Url)) yield return sentence;
        foreach (var proxy in Proxies)
            if (!TrustedProxies.TryRead(proxy, out _))
                yield return $"Movento:Api:Proxies has '{proxy}', which is neither an address nor a network such as 10.0.0.0/8.";
        if (HstsMaxAge < TimeSpan.Zero || HstsMaxAge > TimeSpan.FromDays(3660))
            yield return $"Movento:Api:HstsMaxAge must be zero to 3660 days, not {HstsMaxAge}.";
        foreach (var sentence in Limits.Validate()) yield return "Movento:Api:Limits:" + sentence;
    }
}

/// <summary>The server of media (section <c>Movento:EdgeServer</c>).</summary>
public sealed class EdgeServerOptions
{
    /// <summary>The address it listens on.</summary>
    public string Url { get; set; } = "http://localhost:8081";

    /// <summary>The address that players are given: a load balancer's or a CDN's; <see cref="Url"/> where there is none.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Where <c>/metrics</c> is served, apart from viewers; nowhere without one.</summary>
    public string? OperatorUrl { get; set; }

    /// <summary>The bearer token that Prometheus shows there; needed where others than this machine reach the address.</summary>
    public string? OperatorToken { get; set; }
    /// <summary>A PEM file with the certificate and those that lead to its root, for an https:// <see cref="Url"/>; read again when it changes.</summary>
    public string? Certificate { get; set; }

    /// <summary>A PEM file with its private key, without a password; where the certificate's file does not hold it.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>How long the edge goes on before it stops, steering its players elsewhere and failing its readiness; zero stops at once.</summary>
    public TimeSpan Drain { get; set; }

    /// <summary>What is wrong with these options, a sentence each.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var sentence in ServerUrl.Validate("Movento:EdgeServer:Url", Url)
            .Concat(PublicUrl is null ? [] : ServerUrl.Validate("Movento:EdgeServer:PublicUrl", PublicUrl))
            .Concat(OperatorUrl is null ? [] : ServerUrl.Validate("Movento:EdgeServer:OperatorUrl", OperatorUrl)))
        {
            yield return sentence;
        }

        if (OperatorToken is { Length: < MinOperatorTokenLength })
            yield return $"Movento:EdgeServer:OperatorToken must have at least {MinOperatorTokenLength} characters.";
        if (OperatorToken is null && Uri.TryCreate(OperatorUrl, UriKind.Absolute, out var url) && !url.IsLoopback)
            yield return "Movento:EdgeServer:OperatorUrl can be reached from other machines: Movento:EdgeServer:OperatorToken must say what they show.";

        var isHttps = Url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (isHttps && Certificate is null)
            yield return "Movento:EdgeServer:Url is an https:// address, so Movento:EdgeServer:Certificate must name the certificate.";
        if (!isHttps && (Certificate ?? CertificateKey) is not null)
            yield return "Movento:EdgeServer:Certificate is given, but Movento:EdgeServer:Url is no https:// address.";
        if (Drain < TimeSpan.Zero || Drain > TimeSpan.FromMinutes(10))
            yield return $"Movento:EdgeServer:Drain is {Drain}, but must be zero to 10 minutes.";
    }

    // As long as 128 random bits in base64.
    private const int MinOperatorTokenLength = 22;
}

/// <summary>PostgreSQL (section <c>Movento:Database</c>).</summary>
public sealed class DatabaseOptions
{
    /// <summary>An Npgsql connection string; none starts a private PostgreSQL in the data folder.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Connection strings of single schemas (<c>identity</c>, <c>catalogue</c>, <c>quality</c>, <c>billing</c>, <c>playback</c>, <c>recommendations</c>,
    /// <c>ingest</c>) that live elsewhere.</summary>
    public Dictionary<string, string> Schemas { get; set; } = [];

    /// <summary>What is wrong with these options, a sentence each.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var schema in Schemas.Keys.Except(Databases.Schemas))
            yield return $"Movento:Database:Schemas: there is no schema '{schema}'; there are {string.Join(", ", Databases.Schemas)}.";
        foreach (var (name, text) in Schemas.Append(new("", ConnectionString ?? "")))
        {
            if (!Databases.IsConnectionString(text))
                yield return $"Movento:Database{(name.Length == 0 ? ":ConnectionString" : $":Schemas:{name}")} is not a PostgreSQL connection string.";
        }
    }
}

/// <summary>Messages between processes (section <c>Movento:Messaging</c>).</summary>
public sealed class MessagingOptions
{
    /// <summary>An amqp:// address of RabbitMQ; without one, messages stay inside the process.</summary>
    public string? RabbitMq { get; set; }

    /// <summary>What is wrong with these options, a sentence each.</summary>
    public IEnumerable<string> Validate()
    {
        if (RabbitMq is not null && !(Uri.TryCreate(RabbitMq, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "rabbitmq"))
            yield return "Movento:Messaging:RabbitMq is not an amqp:// address.";
    }
}
