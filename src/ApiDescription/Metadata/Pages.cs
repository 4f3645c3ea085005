namespace Movento.ApiDescription.Metadata;

/// <summary>A list that is given out a page at a time, by key: <c>after</c> is the <c>next</c> of the page before, <c>limit</c> bounds the page.</summary>
/// <param name="DefaultLimit">Rows of a page where nothing is said.</param>
/// <param name="MaxLimit">Rows of a page at most.</param>
public sealed record Pages(int DefaultLimit, int MaxLimit);
