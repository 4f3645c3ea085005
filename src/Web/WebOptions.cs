namespace Movento.Web;

/// <summary>What the pages need to know of the system around them.</summary>
public sealed class WebOptions
{
    /// <summary>Where viewers reach the edge: an absolute http or https URL. Pages may load media and pictures from its
    /// origin and from their own, and from nowhere else.</summary>
    public string EdgeUrl { get; set; } = "http://localhost:8081";

    /// <summary>The origin of <see cref="EdgeUrl"/>: scheme, host and port (RFC 6454 §6.2).</summary>
    public string EdgeOrigin => new Uri(EdgeUrl, UriKind.Absolute).GetLeftPart(UriPartial.Authority);

    /// <summary>Every sentence about what is wrong with these options; none where all is well.</summary>
    public IEnumerable<string> Validate()
    {
        // A host that is no host name could smuggle a directive into the Content-Security-Policy.
        if (!Uri.TryCreate(EdgeUrl, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || Uri.CheckHostName(url.Host) == UriHostNameType.Unknown
            || url.UserInfo.Length > 0)
        {
            yield return $"Web: EdgeUrl must be an absolute http or https URL such as https://edge.example.org, not '{EdgeUrl}'.";
        }
    }
}
