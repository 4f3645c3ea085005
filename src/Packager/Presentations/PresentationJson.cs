using System.Buffers;

namespace Movento.Packager.Presentations;

/// <summary>presentation.json: the presentation as it lies in the object store (docs/formats/presentation.md).</summary>
public static class PresentationJson
{
    /// <summary>Writes UTF-8 JSON.</summary>
    public static void Write(IBufferWriter<byte> output, Presentation presentation) => throw new NotImplementedException();

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="MediaFormatException">The text is not a presentation of a version this code knows.</exception>
    public static Presentation Read(ReadOnlySpan<byte> utf8) => throw new NotImplementedException();
}
