namespace Movento.RateLimits;

/// <summary>How many requests of a kind each of those who send them may send.</summary>
public sealed class KindLimits
{
    /// <summary>One address (IPv6: one /64). Many may share it.</summary>
    public RequestRate Address { get; set; } = new();

    /// <summary>One account, with all its sessions and keys.</summary>
    public RequestRate Account { get; set; } = new();

    /// <summary>One API key.</summary>
    public RequestRate Key { get; set; } = new();

    internal RequestRate this[PartitionOf of] => of switch
    {
        PartitionOf.Address => Address,
        PartitionOf.Account => Account,
        _ => Key,
    };

    internal IEnumerable<string> Validate(string name) =>
        Address.Validate(name + ":Address").Concat(Account.Validate(name + ":Account")).Concat(Key.Validate(name + ":Key"));
}
