using System.Net;
using System.Net.Http.Headers;

namespace Movento.Packager.Verification;

/// <summary>A presentation on a server, read by byte ranges (RFC 9110 §14). Redirects are not followed, so no other server is asked; but for one of the manifest itself, to below its root.</summary>
public sealed class HttpSource : IPresentationSource
{
    private readonly HttpClient _client;
    private readonly string _manifest;

    /// <summary>The presentation of a manifest's URL; its root is the URL without its last part, and without a folder <c>segments</c> before it (docs/formats/urls.md).</summary>
    /// <param name="client">With a time limit, and without following redirects: <see cref="CreateHandler"/>.</param>
    /// <param name="manifest">An absolute http or https URL.</param>
    public HttpSource(HttpClient client, Uri manifest)
    {
        if (!manifest.IsAbsoluteUri || manifest.Scheme is not ("http" or "https"))
            throw new ArgumentException("An absolute http or https URL is wanted.", nameof(manifest));
        _client = client;
        Root = new Uri(manifest, ".");
        if (Root.AbsolutePath.EndsWith("/segments/", StringComparison.Ordinal))
            Root = new Uri(Root, "..");
        _manifest = manifest.AbsolutePath[Root.AbsolutePath.Length..] + manifest.Query;
    }

    /// <inheritdoc/>
    public Uri Root { get; }

    /// <inheritdoc/>
    public int Parallelism => 6; // As many connections as browsers open to one server.

    /// <summary>A handler that follows no redirect and keeps no cookie.</summary>
    public static HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, MaxConnectionsPerServer = 8,
        MaxResponseHeadersLength = 64,
    };

    /// <inheritdoc/>
    /// <remarks>
    /// Where the server redirects the manifest to another place below the root, as it does while a film grows (docs/formats/urls.md), that place: what
    /// the manifest names lies beside it.
    /// </remarks>
    public async ValueTask<IReadOnlyList<string>> FindManifestsAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Root, "./" + _manifest));
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest && response.Headers.Location is { } location
                && SourceAddress.Resolve(Root, _manifest, location.OriginalString) is { } moved ? [moved] : [_manifest];
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new PresentationSourceException(false, $"'{_manifest}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<(int Read, long Length)> ReadAsync(string address, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // "./": an address may begin with something that looks like a scheme.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Root, "./" + address));
        request.Headers.Range = new RangeHeaderValue(offset, offset + Math.Max(1, buffer.Length) - 1);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var length = response.Content.Headers.ContentRange?.Length;
            switch (response.StatusCode)
            {
                case HttpStatusCode.RequestedRangeNotSatisfiable:
                    return (0, length ?? offset);
                case HttpStatusCode.PartialContent:
                    if (response.Content.Headers.ContentRange is not { From: { } from } || from != offset)
                        throw new PresentationSourceException(false, $"The server gave another part of '{address}' than it was asked for.");
                    break;
                case HttpStatusCode.OK: // The server does not do ranges: step over what comes before.
                    length = response.Content.Headers.ContentLength;
                    break;
                case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                    throw new PresentationSourceException(true, $"There is no '{address}' on the server ({(int)response.StatusCode}).");
                case >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest:
                    throw new PresentationSourceException(false, $"'{address}' is redirected ({(int)response.StatusCode}), which is not followed.");
                default:
                    throw new PresentationSourceException(false, $"The server refused '{address}' with {(int)response.StatusCode} {response.ReasonPhrase}.");
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK)
                await SkipAsync(body, offset, cancellationToken).ConfigureAwait(false);
            var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return (read, length ?? (read < buffer.Length ? offset + read : long.MaxValue));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new PresentationSourceException(false, $"'{address}' cannot be read: {exception.Message}", exception);
        }
    }

    private static async Task SkipAsync(Stream body, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (count > 0)
        {
            var read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return;
            count -= read;
        }
    }
}
