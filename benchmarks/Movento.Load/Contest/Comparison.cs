namespace Movento.Load.Contest;

/// <summary>A comparison by name.</summary>
/// <param name="Name">As <c>movento bench NAME</c> takes it.</param>
/// <param name="What">What is compared, in a line.</param>
/// <param name="Needs">What must be installed; the movento script does it before it starts us.</param>
/// <param name="RunAsync">Runs it; one result for each input.</param>
internal sealed record Comparison(
    string Name, string What, string Needs,
    Func<ComparisonSettings, CancellationToken, Task<IReadOnlyList<ComparisonResult>>> RunAsync)
{
    /// <summary>What of it can be asked for alone, while somebody works on that.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];
}

/// <summary>What the command line may change.</summary>
internal sealed record ComparisonSettings
{
    /// <summary>How often each side runs, in turn.</summary>
    public int Rounds => AskedRounds ?? 3;

    /// <summary>The same, where the command line said it.</summary>
    public int? AskedRounds { get; init; }

    /// <summary>The parts that run; none: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Absolute paths; none: the comparison's own.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];
}

/// <summary>One of the sides.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Command">Exactly what runs; printed before it does.</param>
/// <param name="Services">Processes that outlive a round and work in it; what they and theirs use counts.</param>
/// <param name="RunAsync">Does the work once and returns how many bytes of media it made.</param>
internal sealed record Contender(
    string Name, string Command, IReadOnlyList<int> Services, Func<CancellationToken, Task<long>> RunAsync)
{
    /// <summary>What must be so before every round; not measured.</summary>
    public Func<CancellationToken, Task> Prepare { get; init; } = _ => Task.CompletedTask;

    /// <summary>Seconds of the processor so far that are the contender's own, without those of the tools that it starts.</summary>
    public Func<double>? OwnCpuSeconds { get; init; }

    /// <summary>Whether all the work is done in one process, whose memory the kernel keeps the highest mark of.</summary>
    public bool IsOneProcess { get; init; }
}
