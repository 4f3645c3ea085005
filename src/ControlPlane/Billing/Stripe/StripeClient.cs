using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Movento.ControlPlane.Billing.Stripe;

/// <summary>
/// Calls of Stripe's API: form-encoded in, JSON out, in one pinned version. What is safe to repeat is repeated: reads always, writes because each
/// carries an <c>Idempotency-Key</c>, under which Stripe gives the same answer again for a day. Nothing of a call is logged.
/// </summary>
internal sealed class StripeClient : IDisposable
{
    /// <summary>The shape of objects that the records beside this file read.</summary>
    public const string Version = "2025-03-31.basil";

    /// <summary>The longest answer, in bytes: a hundred objects with everything that is expanded in them are a tenth of it.</summary>
    private const int MaxAnswerBytes = 8 << 20;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    private readonly BillingOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <param name="options">With a key.</param>
    /// <param name="time">The clock of pauses.</param>
    /// <param name="handler">Carries the calls; disposed with this.</param>
    public StripeClient(BillingOptions options, TimeProvider time, HttpMessageHandler handler)
    {
        (_options, _time) = (options, time);
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri(options.ApiUrl.TrimEnd('/') + '/'),
            MaxResponseContentBufferSize = MaxAnswerBytes,
            // Each attempt has a limit of its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.SecretKey);
        _http.DefaultRequestHeaders.Add("Stripe-Version", Version);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("Movento/1");
    }

    /// <summary>Reads an object or a list.</summary>
    /// <exception cref="PaymentsException">It is not to be had.</exception>
    public Task<T> GetAsync<T>(string path, StripeForm form, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path + form.ToQuery()), type, cancellationToken);

    /// <summary>Creates or changes an object.</summary>
    /// <param name="idempotencyKey">The same for the same wish, up to 255 characters; each attempt sends it.</param>
    /// <exception cref="PaymentsException">It was not done, or nobody knows.</exception>
    public Task<T> PostAsync<T>(string path, StripeForm form, string idempotencyKey, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form.ToContent() };
                request.Headers.Add("Idempotency-Key", idempotencyKey);
                return request;
            },
            type,
            cancellationToken);

    /// <summary>Deletes an object.</summary>
    /// <exception cref="PaymentsException">It was not done, or nobody knows.</exception>
    public Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, path), type, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(Func<HttpRequestMessage> newRequest, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            PaymentsException error;
            TimeSpan? asked = null;
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                limit.CancelAfter(_options.CallTimeout);
                try
                {
                    using var request = newRequest();
                    using var answer = await _http.SendAsync(request, limit.Token);
                    if (answer.IsSuccessStatusCode) return await ReadAsync(answer, type, limit.Token);
                    error = await ErrorOfAsync(answer, limit.Token);
                    asked = answer.Headers.RetryAfter?.Delta;
                }
                catch (HttpRequestException e)
                {
                    error = new PaymentsException(PaymentsFailure.Unavailable, e.HttpRequestError.ToString(), null, e);
                }
                catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
                {
                    error = new PaymentsException(PaymentsFailure.Unavailable, "timeout", null, e);
                }
            }

            if (error.Failure != PaymentsFailure.Unavailable || attempt >= _options.CallAttempts) throw error;
            var pause = _options.RetryPause * (1 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble());
            if (asked > pause) pause = asked.Value;
            await Task.Delay(pause < LongestPause ? pause : LongestPause, _time, cancellationToken);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new PaymentsException(PaymentsFailure.Refused, "unreadable", RequestId(answer), e);
        }
    }

    private static async Task<PaymentsException> ErrorOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        StripeError? said = null;
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            said = (await JsonSerializer.DeserializeAsync(body, StripeJson.Default.StripeErrorAnswer, cancellationToken))?.Error;
        }
        catch (JsonException)
        {
            // A gateway's own page; the status says enough.
        }

        // Stripe says itself whether the same again can succeed, where it knows (a conflict of two calls with one idempotency key does).
        var shouldRetry = answer.Headers.TryGetValues("Stripe-Should-Retry", out var words) ? words.FirstOrDefault() : null;
        var failure = (answer.StatusCode, said?.Type, said?.Code) switch
        {
            _ when shouldRetry == "true" => PaymentsFailure.Unavailable,
            (HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict or HttpStatusCode.RequestTimeout, _, _) => PaymentsFailure.Unavailable,
            ( >= HttpStatusCode.InternalServerError, _, _) when shouldRetry != "false" => PaymentsFailure.Unavailable,
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _, _) => PaymentsFailure.Unauthorized,
            (HttpStatusCode.NotFound, _, _) or (_, _, "resource_missing") => PaymentsFailure.Missing,
            (HttpStatusCode.PaymentRequired, _, _) or (_, "card_error", _) => PaymentsFailure.Declined,
            _ => PaymentsFailure.Refused,
        };
        return new PaymentsException(failure, said?.Code ?? said?.Type ?? $"http_{(int)answer.StatusCode}", RequestId(answer));
    }

    private static string? RequestId(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Request-Id", out var ids) ? ids.FirstOrDefault() : null;
}
