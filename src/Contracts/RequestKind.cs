namespace Movento.Contracts;

/// <summary>What requests cost and how often they come, as far as limits tell them apart. A route says its kind by <see cref="CountedAs"/>.</summary>
public enum RequestKind
{
    /// <summary>Whatever says nothing else.</summary>
    General,

    /// <summary>A search: more work than a look at one row.</summary>
    Search,

    /// <summary>What every player says every few seconds.</summary>
    Heartbeats,

    /// <summary>Pieces of uploads, as many as a client cuts its file into.</summary>
    Uploads,

    /// <summary>A page of the payment provider's, which counts what is asked of it.</summary>
    Checkout,

    /// <summary>What the payment provider says, many times at once when it had been unable to.</summary>
    Webhooks,
}

/// <summary>The metadata of a route that does not count as <see cref="RequestKind.General"/>.</summary>
/// <param name="Kind">What it counts as.</param>
public sealed record CountedAs(RequestKind Kind);
