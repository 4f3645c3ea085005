namespace Movento.Fuzz;

/// <summary>One way in for bytes that somebody else made.</summary>
/// <param name="Name">For the command line.</param>
/// <param name="Seeds">Good inputs, from which bad ones are made.</param>
/// <param name="IsText">Whether mutations are those of text.</param>
/// <param name="Run">
/// Reads an input; may throw <c>MediaFormatException</c> and nothing else. Everything happens on the calling thread, so that its allocations can be counted.
/// </param>
public sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, bool IsText, Action<byte[]> Run);
