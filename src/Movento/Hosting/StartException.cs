namespace Movento.Hosting;

/// <summary>The system cannot start; every reason is a sentence for the operator.</summary>
public sealed class StartException(IReadOnlyList<string> reasons) : Exception(string.Join(Environment.NewLine, reasons))
{
    /// <summary>Everything that is wrong, so that it can be mended in one go.</summary>
    public IReadOnlyList<string> Reasons { get; } = reasons;
}
