namespace Movento.Packager.Protection.Subsamples;

/// <summary>Knows for one codec which bytes of a sample are protected: the coded pictures, and nothing that says what they are.</summary>
internal interface ISubsampleRule
{
    /// <summary>Adds all bytes of a sample to the table.</summary>
    /// <exception cref="MediaFormatException">The sample is not what the codec's standard says.</exception>
    void Map(ReadOnlySpan<byte> sample, SubsampleTable table);
}
