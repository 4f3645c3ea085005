namespace Movento.Edge.Admission;

/// <summary>How much one session, or one address, may take.</summary>
/// <param name="Requests">A second; 0 for any number.</param>
/// <param name="Bytes">A second; 0 for any number.</param>
/// <param name="Concurrency">Requests at the same time; 0 for any number.</param>
internal readonly record struct Limit(int Requests, long Bytes, int Concurrency)
{
    /// <summary>Whether there is anything to count.</summary>
    public bool IsAny => Requests > 0 || Bytes > 0 || Concurrency > 0;
}

/// <summary>What a look at a limit found.</summary>
internal enum LimitVerdict
{
    Within,
    TooManyRequests,
    TooManyBytes,
    TooManyAtOnce,
}
