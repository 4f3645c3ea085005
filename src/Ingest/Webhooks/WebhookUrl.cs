using System.Net;

namespace Movento.Ingest.Webhooks;

/// <summary>Which URLs may be an endpoint. Where a name leads is only known, and checked, when a connection is made.</summary>
internal static class WebhookUrl
{
    private const int MaxLength = 2048;

    /// <summary>Whether messages may be sent there: https, or http to this machine where the operator allows that.</summary>
    public static bool TryRead(string? text, WebhookOptions options, out Uri url)
    {
        url = null!;
        if (text is null || text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out var read)) return false;
        if (read.UserInfo.Length > 0 || read.Fragment.Length > 0 || read.Host.Length == 0) return false;
        var isLoopback = read.IsLoopback;
        if (read.Scheme != Uri.UriSchemeHttps && !(read.Scheme == Uri.UriSchemeHttp && isLoopback && options.AllowLoopback)) return false;
        if (isLoopback && !options.AllowLoopback) return false;
        if (IPAddress.TryParse(read.DnsSafeHost, out var address) && !PublicAddress.IsPublic(address) && !(isLoopback && options.AllowLoopback)) return false;
        url = read;
        return true;
    }
}
