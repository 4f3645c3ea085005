using System.Numerics;

namespace Movento.Edge.Admission;

/// <summary>
/// The tokens that were found good, until they expire: a player sends the same one with every request, and an HMAC costs more than all the
/// rest. A table of fixed size, read without a lock; only tokens with a good signature enter it, so that nobody else can push them out.
/// </summary>
internal sealed class VerifiedTokens
{
    // A set of eight that is chosen by the hash of the whole text: 10 in a million sets overflow while the table is half full.
    private const int Ways = 8;

    private readonly Grant?[] _slots;
    private readonly int _lastSet;

    /// <param name="capacity">The most tokens; rounded up to a power of two.</param>
    public VerifiedTokens(int capacity)
    {
        var sets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways)) / Ways;
        _slots = new Grant?[sets * Ways];
        _lastSet = sets - 1;
    }

    /// <summary>Of a token's text: keyed with a secret of the process (Marvin), so that no viewer can choose who shares a set.</summary>
    public static int HashOf(ReadOnlySpan<char> token) => string.GetHashCode(token);

    /// <summary>What the token opens; null where it is not remembered. It may be expired.</summary>
    public Grant? Find(ReadOnlySpan<char> token, int hash)
    {
        var set = (hash & _lastSet) * Ways;
        for (var slot = set; slot < set + Ways; slot++)
        {
            if (Volatile.Read(ref _slots[slot]) is { } grant && grant.Hash == hash && SameText.Equal(grant.Text, token)) return grant;
        }

        return null;
    }

    /// <summary>Keeps what a token opens. Where its set is full, the one that expires first makes room; what is lost costs one more HMAC.</summary>
    public void Remember(Grant grant)
    {
        var set = (grant.Hash & _lastSet) * Ways;
        var place = set;
        var earliest = DateTimeOffset.MaxValue;
        for (var slot = set; slot < set + Ways; slot++)
        {
            var there = Volatile.Read(ref _slots[slot]);
            if (there is null)
            {
                place = slot;
                break;
            }

            if (there.Expires >= earliest) continue;
            earliest = there.Expires;
            place = slot;
        }

        Volatile.Write(ref _slots[place], grant);
    }
}
