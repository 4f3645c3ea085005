namespace Movento.Edge.Observation.Requests;

/// <summary>What an operator may set about the log of requests (section <c>Movento:Edge:AccessLog</c>).</summary>
public sealed class AccessLogOptions
{
    /// <summary>The file, or <c>-</c> for standard output; none turns the log off.</summary>
    public string? Path { get; set; }

    /// <summary>How many of the answers that went well are logged: 1 for all, 0.01 for one in a hundred. Failures always are.</summary>
    public double Sample { get; set; } = 1;

    /// <summary>Bytes of a file; past it, the next one begins.</summary>
    public long MaxFileBytes { get; set; } = 128L << 20;

    /// <summary>Files that are kept: <c>Path</c>, <c>Path.1</c> for the one before, and so on.</summary>
    public int MaxFiles { get; set; } = 8;

    /// <summary>Lines that wait to be written; past it, they are dropped and counted.</summary>
    public int Capacity { get; set; } = 16_384;

    /// <summary>Every error in the options, as sentences.</summary>
    public IEnumerable<string> Validate()
    {
        if (Path is { Length: 0 })
            yield return "Edge: AccessLog:Path is empty, but must name a file, or '-' for standard output.";
        if (Sample is not (>= 0 and <= 1))
            yield return $"Edge: AccessLog:Sample is {Sample}, but must be 0 to 1.";
        if (MaxFileBytes < 1 << 20)
            yield return $"Edge: AccessLog:MaxFileBytes is {MaxFileBytes}, but must be at least {1 << 20}.";
        if (MaxFiles is < 1 or > 1000)
            yield return $"Edge: AccessLog:MaxFiles is {MaxFiles}, but must be 1 to 1000.";
        if (Capacity is < 16 or > 1 << 20)
            yield return $"Edge: AccessLog:Capacity is {Capacity}, but must be 16 to {1 << 20}.";
    }
}
