namespace Movento.Commands;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The work was refused or failed.</summary>
    public const int Failed = 1;

    /// <summary>The system cannot start: EX_CONFIG of sysexits.h, so that a supervisor may tell it from a crash.</summary>
    public const int CannotStart = 78;
}
