using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Movento.Client;

/// <summary>What the command line does, it does through the public API (docs/formats/http-api.md), like everybody else.</summary>
public sealed class MoventoClient : IDisposable
{
    private readonly HttpClient _http;
    private Credentials? _credentials;

    /// <param name="server">The address of the API server.</param>
    public MoventoClient(Uri server) => _http = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The code of a refusal: the account has a second factor, whose code nobody gave.</summary>
    public const string SecondFactorRequired = "second_factor_required";

    /// <summary>Calls with an API key; nobody has to sign in.</summary>
    public void UseKey(string apiKey) => Bear(apiKey);

    /// <summary>Signs in; later calls are made as this user.</summary>
    /// <param name="email">Whose account.</param>
    /// <param name="password">Its password.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="code">Asked for the code of its second factor, where it has one, until that is right; null where nobody can say it.</param>
    /// <exception cref="MoventoClientException">It was refused, or a second factor is wanted whose code nobody gives (<see cref="SecondFactorRequired"/>).</exception>
    public async Task SignInAsync(string email, string password, CancellationToken cancellationToken, SecondFactorCode? code = null)
    {
        _credentials = new Credentials(email, password);
        using var answer = await _http.PostAsJsonAsync("/api/auth/login", _credentials, ClientJson.Default.Credentials, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Accepted)
        {
            Bear((await ReadAsync(answer, ClientJson.Default.Session, cancellationToken)).AccessToken);
            return;
        }

        var awaited = await ReadAsync(answer, ClientJson.Default.SecondFactorAwaited, cancellationToken);
        if (awaited.MustEnrol)
        {
            throw new MoventoClientException(
                HttpStatusCode.Unauthorized, "second_factor_missing", "This account has to set up a second factor, which the pages do at the next sign-in there.");
        }

        await GiveCodeAsync(awaited.Ticket, code, cancellationToken);
    }

    /// <summary>Uploads a file and returns the new asset's id; goes on after a broken connection, a restart of the server, an expired token.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">What viewers will read; null takes the file's name.</param>
    /// <param name="progress">Told how many bytes are sent.</param>
    /// <param name="resumeKey">Under which an upload that an earlier call left unfinished is gone on with; null begins anew.</param>
    /// <param name="priority">When its turn is: −1, 0 or 1.</param>
    public async Task<string> UploadAsync(
        string path, string? title, IProgress<long> progress, CancellationToken cancellationToken, string? resumeKey = null, int priority = 0)
    {
        await using var file = File.OpenRead(path);
        return await new ResumableUpload(_http, file, progress, SignInAgainAsync, TimeProvider.System).RunAsync(title, priority, resumeKey, cancellationToken);
    }

    /// <summary>The asset, or null where there is none.</summary>
    public async Task<Asset?> FindAsync(string assetId, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(HttpMethod.Get, "/api/assets/" + assetId, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(answer, ClientJson.Default.Asset, cancellationToken);
    }

    /// <summary>The asset at each change, until it is published or rejected.</summary>
    public async IAsyncEnumerable<Asset> FollowAsync(string assetId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/assets/{assetId}/events");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode) await ThrowAsync(answer, cancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            if (item.EventType == "asset") yield return JsonSerializer.Deserialize(item.Data, ClientJson.Default.Asset)!;
        }
    }

    /// <summary>Whether the catalogue has the film.</summary>
    public async Task<bool> IsListedAsync(string assetId, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync("/api/movies/" + assetId, cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>Signed URLs to play the asset.</summary>
    public async Task<Grant> GrantAsync(string assetId, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(HttpMethod.Post, $"/api/streaming/{assetId}/grant", cancellationToken);
        return await ReadAsync(answer, ClientJson.Default.Grant, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // Until the code is right, nobody gives one any more, or the server has had enough.
    private async Task GiveCodeAsync(string ticket, SecondFactorCode? code, CancellationToken cancellationToken)
    {
        MoventoClientException? wrong = null;
        while (true)
        {
            if (code is null || await code(wrong is not null, cancellationToken) is not { } given)
                throw wrong ?? new MoventoClientException(HttpStatusCode.Unauthorized, SecondFactorRequired, "This account has a second factor.");
            using var answer = await _http.PostAsJsonAsync("/api/auth/login/second-factor", new SecondFactor(ticket, given), ClientJson.Default.SecondFactor, cancellationToken);
            try
            {
                Bear((await ReadAsync(answer, ClientJson.Default.Session, cancellationToken)).AccessToken);
                return;
            }
            catch (MoventoClientException refusal) when (refusal.Code == "invalid_code")
            {
                wrong = refusal;
            }
        }
    }

    // An access token lives for minutes, what is waited for perhaps for hours.
    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        for (var isAgain = false; ; isAgain = true)
        {
            using var request = new HttpRequestMessage(method, path);
            var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.Unauthorized || _credentials is null || isAgain) return answer;
            answer.Dispose();
            await SignInAgainAsync(cancellationToken);
        }
    }

    // By the session that is, which takes neither a password nor a code; where that is over, from the beginning.
    private async Task SignInAgainAsync(CancellationToken cancellationToken)
    {
        if (_credentials is not { } credentials) return;
        using var answer = await _http.PostAsync("/api/auth/refresh", null, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized) await SignInAsync(credentials.Email, credentials.Password, cancellationToken);
        else Bear((await ReadAsync(answer, ClientJson.Default.Session, cancellationToken)).AccessToken);
    }

    private void Bear(string token) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode) await ThrowAsync(answer, cancellationToken);
        return await answer.Content.ReadFromJsonAsync(type, cancellationToken)
            ?? throw new MoventoClientException(answer.StatusCode, "empty", "The server's answer is empty.");
    }

    internal static async Task ThrowAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        Problem? problem = null;
        try
        {
            problem = await answer.Content.ReadFromJsonAsync(ClientJson.Default.Problem, cancellationToken);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            // Not our server's words; the status has to do.
        }

        throw new MoventoClientException(
            answer.StatusCode,
            problem?.Code ?? "http_" + (int)answer.StatusCode,
            string.Join(' ', new[] { problem?.Detail ?? problem?.Title ?? answer.ReasonPhrase, problem?.Hint }.Where(text => text is not null)));
    }
}
