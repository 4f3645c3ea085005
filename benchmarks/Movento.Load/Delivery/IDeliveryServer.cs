namespace Movento.Load.Delivery;

/// <summary>A running server of a contest, on loopback.</summary>
internal interface IDeliveryServer : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What runs, for the reader.</summary>
    string Configuration { get; }

    /// <summary>The processes at its root; what their children use counts too.</summary>
    IReadOnlyList<int> Processes { get; }

    /// <summary>Where a file is, with a token that opens it where the server checks one.</summary>
    Uri UrlOf(DeliveredFile file);
}
