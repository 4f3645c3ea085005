namespace Movento.Edge.Delivery.Selection;

/// <summary>Some of a presentation's renditions, by their places: 256, as many as presentation.json may have.</summary>
internal readonly record struct RenditionSet(UInt128 First, UInt128 Second)
{
    private const int Half = 128;

    public bool IsEmpty => this == default;

    public bool Has(int place) => ((place < Half ? First >> place : Second >> (place - Half)) & 1) != 0;

    public RenditionSet With(int place) => place < Half
        ? this with { First = First | (UInt128.One << place) }
        : this with { Second = Second | (UInt128.One << (place - Half)) };

    public static RenditionSet operator |(RenditionSet one, RenditionSet other) => new(one.First | other.First, one.Second | other.Second);
}
