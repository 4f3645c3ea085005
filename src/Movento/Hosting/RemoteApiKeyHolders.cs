using System.Collections.Concurrent;
using MassTransit;
using Movento.Contracts;

namespace Movento.Hosting;

/// <summary>
/// Asks the control plane, which runs elsewhere, whose a key is; an answer counts for <see cref="Lifetime"/>, so that a program that sends many requests
/// asks seldom, and a key that is taken back is soon of no use. Only hashes of keys cross the bus.
/// </summary>
internal sealed class RemoteApiKeyHolders(IBus bus, TimeProvider time) : IApiKeyHolders
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private const int MostAnswers = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (ApiKeyHolder? Holder, DateTimeOffset Until)> _answers = new(StringComparer.Ordinal);

    public async Task<ApiKeyHolder?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var name = Convert.ToHexString(hash);
        if (_answers.TryGetValue(name, out var known) && known.Until > time.GetUtcNow()) return known.Holder;
        try
        {
            var client = bus.CreateRequestClient<ApiKeyQuestion>(RequestTimeout.After(s: (int)Patience.TotalSeconds));
            var answer = await client.GetResponse<ApiKeyAnswer>(new ApiKeyQuestion(hash), cancellationToken);
            if (_answers.Count >= MostAnswers) _answers.Clear();
            _answers[name] = (answer.Message.Holder, time.GetUtcNow() + Lifetime);
            return answer.Message.Holder;
        }
        catch (RequestException error)
        {
            throw new TimeoutException("The control plane does not say whose key this is.", error);
        }
    }
}
