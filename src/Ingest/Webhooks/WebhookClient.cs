using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Movento.Ingest.Webhooks;

/// <summary>What came of one attempt.</summary>
/// <param name="Status">Of the answer; null where there was none.</param>
/// <param name="Error">Why there was no answer: <c>timeout</c>, <c>dns</c>, <c>forbidden_address</c>, <c>connection</c>, <c>tls</c> or <c>protocol</c>.</param>
/// <param name="Snippet">The beginning of the answer's body.</param>
/// <param name="RetryAfter">How long the endpoint asked to be left alone.</param>
internal sealed record WebhookAnswer(int? Status, string? Error, string Snippet, TimeSpan? RetryAfter = null)
{
    /// <summary>Any 2xx; a redirection is none, since nobody signed for another place.</summary>
    public bool IsDelivered => Status is >= 200 and <= 299;
}

/// <summary>
/// Sends a message to an endpoint, and to nowhere else: the address is checked when it is connected to, whatever name led there; redirections
/// are not followed, no proxy, cookies or credentials are used, and only the beginning of an answer is read.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private const int SnippetBytes = 1024;
    private const int MaxHeaderKilobytes = 16;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookClient(IngestOptions options, TimeProvider time)
    {
        (_options, _time) = (options.Webhooks, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = 0,
            MaxConnectionsPerServer = _options.ConcurrencyPerEndpoint,
            // A name that leads elsewhere by now is asked again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends it once.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<WebhookAnswer> SendAsync(
        Uri url, string id, long timestamp, string signature, byte[] body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("Movento-Webhooks/1");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", signature);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var snippet = await ReadSnippetAsync(response, either.Token);
            return new WebhookAnswer((int)response.StatusCode, null, snippet, RetryAfter(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookAnswer(null, "timeout", "");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new WebhookAnswer(null, ErrorOf(exception), "");
        }
    }

    public void Dispose() => _http.Dispose();

    // Whoever asks a name twice may be told two things; so the address that was checked is the one that is connected to.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var name = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(name, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(name, cancellationToken);
        var allowed = addresses.Where(address => IsAllowed(address, context.InitialRequestMessage.RequestUri!)).ToArray();
        if (allowed.Length == 0) throw new ForbiddenAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsAllowed(IPAddress address, Uri url)
    {
        if (_options.AllowLoopback && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)) return true;
        return url.Scheme == Uri.UriSchemeHttps && PublicAddress.IsPublic(address);
    }

    private static async Task<string> ReadSnippetAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = new byte[SnippetBytes];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(bytes, SnippetBytes, throwOnEndOfStream: false, cancellationToken);
        // As PostgreSQL can keep it, and as it can be shown.
        return string.Concat(Encoding.UTF8.GetString(bytes, 0, length).Select(letter => char.IsControl(letter) && letter is not '\n' ? ' ' : letter)).Trim();
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        return after <= TimeSpan.Zero ? null : after < _options.LongestRetry ? after : _options.LongestRetry;
    }

    private static string ErrorOf(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case ForbiddenAddressException: return "forbidden_address";
                case AuthenticationException: return "tls";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }: return "dns";
                case SocketException: return "connection";
            }
        }
        return exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? "tls"
            : exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.Unknown } ? "connection"
            : "protocol";
    }

    /// <summary>A name led to no address that messages may be sent to.</summary>
    private sealed class ForbiddenAddressException() : IOException("The endpoint's name leads to no public address.");
}
