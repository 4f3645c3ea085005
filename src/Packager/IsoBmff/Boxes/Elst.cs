namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Edit List Box (elst), in edts; ISO/IEC 14496-12 §8.6.6. A view of the file's bytes.</summary>
public readonly ref struct Elst
{
    private readonly ReadOnlySpan<byte> _entries;
    private readonly bool _isLong;

    private Elst(ReadOnlySpan<byte> entries, bool isLong)
    {
        _entries = entries;
        _isLong = isLong;
        Count = entries.Length / (isLong ? 20 : 12);
    }

    /// <summary>How many edits.</summary>
    public int Count { get; }

    /// <summary>One edit.</summary>
    public Edit this[int index]
    {
        get
        {
            var entry = new BoxReader(_entries.Slice(index * (_isLong ? 20 : 12), _isLong ? 20 : 12));
            return _isLong
                ? new Edit(entry.ReadInt64(), entry.ReadInt64(), entry.ReadInt32())
                : new Edit(entry.ReadUInt32(), entry.ReadInt32(), entry.ReadInt32());
        }
    }

    /// <summary>Reads the body.</summary>
    public static Elst Read(scoped ref BoxReader box)
    {
        var isLong = box.ReadFullBoxHeader(highestVersion: 1).Version == 1;
        return new Elst(box.ReadTable(box.ReadUInt32(), isLong ? 20 : 12), isLong);
    }

    /// <summary>Writes the box.</summary>
    public static void Write(BoxWriter writer, params ReadOnlySpan<Edit> edits)
    {
        var box = writer.BeginFull(BoxType.Elst, 1, 0);
        writer.WriteUInt32((uint)edits.Length);
        foreach (var edit in edits)
        {
            writer.WriteInt64(edit.Duration);
            writer.WriteInt64(edit.MediaTime);
            writer.WriteInt32(edit.Rate);
        }

        writer.End(box);
    }
}

/// <summary>One edit: a stretch of the movie and what is shown in it.</summary>
/// <param name="Duration">In the movie's ticks; in a fragmented file 0 means until the end.</param>
/// <param name="MediaTime">The composition time at which it begins, in the media's ticks; -1 for nothing at all.</param>
/// <param name="Rate">16.16 fixed-point.</param>
public readonly record struct Edit(long Duration, long MediaTime, int Rate)
{
    /// <summary>As fast as recorded.</summary>
    public const int NormalRate = 0x00010000;
}
