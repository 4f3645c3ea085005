namespace Movento.Edge.Cache.HotBlocks;

/// <summary>A file is no hot list that this edge can use, and why.</summary>
internal sealed class HotListFormatException(string message, Exception? inner = null) : Exception(message, inner);
