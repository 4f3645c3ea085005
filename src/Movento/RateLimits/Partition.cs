using System.Globalization;
using Movento.Contracts;

namespace Movento.RateLimits;

/// <summary>Whose requests are counted.</summary>
internal enum PartitionOf
{
    Address = 1,
    Account = 2,
    Key = 3,
}

/// <summary>One bucket: requests of a kind, of one address, account or key.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Of">What <paramref name="Id"/> is the id of.</param>
/// <param name="Id">The address as a number, or the 16 bytes of a UUID.</param>
internal readonly record struct Partition(RequestKind Kind, PartitionOf Of, UInt128 Id)
{
    /// <summary>Its name among all that count.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Of}:{Id:x32}");
}
