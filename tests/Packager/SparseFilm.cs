using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Tests;

/// <summary>
/// A progressive film of any size that takes next to no room: its headers are real, the bytes of its pictures and its sound are a hole in the file.
/// One video track (H.264 1080p, 24 frames a second, a sync sample every 2 s, B pictures) and one audio track (AAC, 48 kHz) interleaved by the
/// second, the moov at the end, 64-bit chunk offsets where they are needed. It cannot be decoded, but everything that a packager reads is there.
/// </summary>
public sealed class SparseFilm
{
    private const int FramesPerSecond = 24;
    private const int FramesPerGroup = 2 * FramesPerSecond;
    private const int SampleRate = 48000;
    private const int SamplesPerAccessUnit = 1024;
    private const int AccessUnitSize = 384;

    // x264, High 4.0, 1920×1080, and a picture parameter set
    private const string SequenceParameterSet = "67640028acd940780227e5c05a808080a0000003002000000781e30632c0";
    private const string PictureParameterSet = "68ebe3cb22c0";

    private readonly byte[] _head;
    private readonly byte[] _tail;
    private readonly long _tailPosition;

    /// <summary>A film.</summary>
    /// <param name="size">About how many bytes it shall have.</param>
    /// <param name="duration">How long it shall last, in whole seconds.</param>
    public SparseFilm(long size, TimeSpan duration)
    {
        var seconds = (int)duration.TotalSeconds;
        var frames = seconds * FramesPerSecond;
        var accessUnits = (int)((long)seconds * SampleRate / SamplesPerAccessUnit);
        var frameSize = (uint)((size - (long)accessUnits * AccessUnitSize) / frames);

        // :: Where everything lies
        using var boxes = new BoxWriter();
        Ftyp.Write(boxes, FourCC.Of("isom"u8), 0, FourCC.Of("isom"u8));
        var mdat = boxes.Length;
        const int MdatHeaderSize = 16;
        var position = (long)mdat + MdatHeaderSize;
        var (video, audio) = (new Table(frames), new Table(accessUnits));
        for (var second = 0; second < seconds; second++)
        {
            position = video.AddChunk(position, FramesPerSecond, number => frameSize + (uint)number % 7);
            position = audio.AddChunk(
                position, (int)((long)(second + 1) * SampleRate / SamplesPerAccessUnit - (long)second * SampleRate / SamplesPerAccessUnit),
                number => AccessUnitSize + (uint)number % 5);
        }

        // :: ftyp and the header of mdat, then the hole, then moov
        boxes.WriteUInt32(1);
        boxes.WriteUInt32(BoxType.Mdat);
        boxes.WriteInt64(position - mdat);
        _head = boxes.Written.ToArray();
        boxes.Clear();
        var moov = boxes.Begin(BoxType.Moov);
        new Mvhd(1000, seconds * 1000L, 3).Write(boxes);
        WriteTrack(boxes, 1, isVideo: true, FramesPerSecond * 512, frames * 512L, seconds, video);
        WriteTrack(boxes, 2, isVideo: false, SampleRate, (long)accessUnits * SamplesPerAccessUnit, seconds, audio);
        boxes.End(moov);
        _tail = boxes.Written.ToArray();
        _tailPosition = position;
    }

    /// <summary>Bytes of the film.</summary>
    public long Length => _tailPosition + _tail.Length;

    /// <summary>Bytes of its moov: what a reader must hold.</summary>
    public long MovieHeaderSize => _tail.Length;

    /// <summary>The film as a stream that reads nothing: whatever lies in the hole is left as it stands in the reader's buffer.</summary>
    public Stream OpenRead() => new HoleStream(this);

    /// <summary>All bytes of a small film.</summary>
    public byte[] ReadAll()
    {
        var bytes = new byte[Length];
        _head.CopyTo(bytes, 0);
        _tail.CopyTo(bytes, _tailPosition);
        return bytes;
    }

    /// <summary>Writes the film to a file; in a file system with sparse files at once.</summary>
    public async Task WriteAsync(string path)
    {
        await using var file = File.Create(path);
        await file.WriteAsync(_head);
        file.Position = _tailPosition;
        await file.WriteAsync(_tail);
    }

    private static void WriteTrack(BoxWriter boxes, uint id, bool isVideo, uint timescale, long duration, int seconds, Table table)
    {
        var trak = boxes.Begin(BoxType.Trak);
        new Tkhd(id, seconds * 1000L, isVideo ? (ushort)0 : (ushort)0x100, Matrix.Identity, isVideo ? 1920u << 16 : 0, isVideo ? 1080u << 16 : 0).Write(boxes);
        var mdia = boxes.Begin(BoxType.Mdia);
        new Mdhd(timescale, duration, Mdhd.Undetermined).Write(boxes);
        new Hdlr(isVideo ? Hdlr.Video : Hdlr.Audio).Write(boxes);
        var minf = boxes.Begin(BoxType.Minf);
        var stbl = boxes.Begin(BoxType.Stbl);
        var stsd = boxes.BeginFull(BoxType.Stsd, 0, 0);
        boxes.WriteUInt32(1);
        if (isVideo)
            WriteAvc(boxes);
        else
            WriteAac(boxes);
        boxes.End(stsd);
        Stts.Write(boxes, new SttsEntry((uint)table.Sizes.Count, isVideo ? 512u : SamplesPerAccessUnit));
        if (isVideo)
        {
            // I and P pictures are shown one picture later than they are decoded, B pictures at once, which wants no negative offset.
            Ctts.Write(boxes, [.. Enumerable.Range(0, table.Sizes.Count).Select(number => new CttsEntry(1, (number % 3) switch { 0 => 512, 1 => 1024, _ => 0 }))]);
            Stss.Write(boxes, [.. Enumerable.Range(0, table.Sizes.Count / FramesPerGroup).Select(group => (uint)(group * FramesPerGroup) + 1)]);
        }

        Stsc.Write(boxes, [.. table.Chunks.Select((count, chunk) => new StscEntry((uint)chunk + 1, (uint)count, 1))]);
        Stsz.Write(boxes, [.. table.Sizes]);
        Stco.Write(boxes, [.. table.Offsets]);
        boxes.End(stbl);
        boxes.End(minf);
        boxes.End(mdia);
        boxes.End(trak);
    }

    private static void WriteAvc(BoxWriter boxes)
    {
        var entry = boxes.Begin(BoxType.Avc1);
        boxes.WriteZeros(6);
        boxes.WriteUInt16(1);
        boxes.WriteZeros(16);
        boxes.WriteUInt16(1920);
        boxes.WriteUInt16(1080);
        boxes.WriteZeros(50);
        var avcC = boxes.Begin(BoxType.AvcC);
        boxes.WriteBytes([1, 0x64, 0, 0x28, 0xff, 0xe1]);
        foreach (var set in new[] { SequenceParameterSet, PictureParameterSet })
        {
            if (set == PictureParameterSet)
                boxes.WriteUInt8(1);
            boxes.WriteUInt16((ushort)(set.Length / 2));
            boxes.WriteBytes(Convert.FromHexString(set));
        }

        boxes.End(avcC);
        boxes.End(entry);
    }

    private static void WriteAac(BoxWriter boxes)
    {
        var entry = boxes.Begin(BoxType.Mp4a);
        boxes.WriteZeros(6);
        boxes.WriteUInt16(1);
        boxes.WriteZeros(8);
        boxes.WriteUInt16(2);
        boxes.WriteUInt16(16);
        boxes.WriteZeros(4);
        boxes.WriteUInt32((uint)SampleRate << 16);
        var esds = boxes.BeginFull(BoxType.Esds, 0, 0);
        boxes.WriteBytes([3, 22, 0, 2, 0, 4, 17, 0x40, 0x15, 0, 0, 0]); // ES, DecoderConfig: MPEG-4 audio
        boxes.WriteZeros(8); // bit rates
        boxes.WriteBytes([5, 2, 0x11, 0x90]); // AAC LC, 48 kHz, stereo
        boxes.End(esds);
        boxes.End(entry);
    }

    private sealed class Table(int samples)
    {
        public List<uint> Sizes { get; } = new(samples);

        public List<ulong> Offsets { get; } = [];

        public List<int> Chunks { get; } = [];

        public long AddChunk(long position, int count, Func<int, uint> size)
        {
            Offsets.Add((ulong)position);
            Chunks.Add(count);
            for (; count > 0; count--)
            {
                Sizes.Add(size(Sizes.Count));
                position += Sizes[^1];
            }

            return position;
        }
    }

    private sealed class HoleStream(SparseFilm film) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => film.Length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            int count;
            if (Position < film._head.Length)
                count = Copy(film._head.AsSpan((int)Position), buffer);
            else if (Position >= film._tailPosition)
                count = Copy(film._tail.AsSpan((int)(Position - film._tailPosition)), buffer);
            else
                count = (int)Math.Min(buffer.Length, film._tailPosition - Position);
            Position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer.AsSpan(offset, count)));

        public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => Length + offset,
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
        {
            var count = Math.Min(from.Length, to.Length);
            from[..count].CopyTo(to);
            return count;
        }
    }
}
