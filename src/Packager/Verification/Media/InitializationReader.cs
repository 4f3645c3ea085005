using System.Buffers.Binary;
using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Tracks;
using Movento.Packager.Tracks.SampleEntries;

namespace Movento.Packager.Verification.Media;

/// <summary>Reads an initialization segment and says what is wrong with it.</summary>
internal static class InitializationReader
{
    private const int MaxTracks = 32;
    private static readonly uint Pssh = FourCC.Of("pssh"u8).Value;
    private static readonly uint Encv = FourCC.Of("encv"u8).Value;
    private static readonly uint Enca = FourCC.Of("enca"u8).Value;
    private static readonly uint Enct = FourCC.Of("enct"u8).Value;
    private static readonly uint Sinf = FourCC.Of("sinf"u8).Value;
    private static readonly uint Frma = FourCC.Of("frma"u8).Value;
    private static readonly uint Schm = FourCC.Of("schm"u8).Value;
    private static readonly uint Schi = FourCC.Of("schi"u8).Value;
    private static readonly uint Tenc = FourCC.Of("tenc"u8).Value;
    private static readonly uint HvcC = FourCC.Of("hvcC"u8).Value;

    /// <summary>Reads ftyp and moov.</summary>
    /// <param name="bytes">Of the whole initialization segment.</param>
    /// <param name="range">Where they lie.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>Null where nothing can be made of it.</returns>
    public static InitializationSegment? Read(ReadOnlySpan<byte> bytes, ResourceRange range, Findings findings)
    {
        try
        {
            var boxes = new BoxReader(bytes, range.Offset);
            var (hasType, isFirst, hasMovie) = (false, true, false);
            var tracks = ImmutableArray.CreateBuilder<InitializationTrack>();
            var keyIds = ImmutableArray.CreateBuilder<UInt128>();
            while (boxes.TryReadBox(out var box))
            {
                switch (box.Type)
                {
                    case BoxType.Ftyp:
                        hasType = isFirst;
                        CheckBrands(Ftyp.Read(ref box), range, findings);
                        break;
                    case BoxType.Moov when !hasMovie:
                        hasMovie = true;
                        ReadMovie(box, range, tracks, keyIds, findings);
                        break;
                    case BoxType.Moof or BoxType.Mdat:
                        findings.Add(VerificationRule.IsoInitialization, At(range, box), $"The initialization segment has a {new FourCC(box.Type)} box: its range reaches into the media.");
                        break;
                }

                isFirst = false;
            }

            if (!hasType)
                findings.Add(VerificationRule.IsoInitialization, new FindingLocation(range.Address, null, range.Offset), "The initialization segment does not begin with an ftyp box.");
            if (hasMovie && tracks.Count > 0)
                return new InitializationSegment { Address = range.Address, Tracks = tracks.ToImmutable(), SystemKeyIds = keyIds.ToImmutable() };
            findings.Add(
                VerificationRule.IsoInitialization, new FindingLocation(range.Address, null, range.Offset),
                hasMovie ? "The moov box has no track." : "The initialization segment has no moov box.");
            return null;
        }
        catch (MediaFormatException exception)
        {
            findings.Add(range.Address, exception);
            return null;
        }
    }

    private static FindingLocation At(ResourceRange range, in BoxReader box) => new(range.Address, null, box.Offset);

    private static void CheckBrands(Ftyp ftyp, ResourceRange range, Findings findings)
    {
        if (!ftyp.Has(FourCC.Of("cmfc"u8)) && !ftyp.Has(FourCC.Of("cmf2"u8)) && !ftyp.Has(FourCC.Of("cmfs"u8)))
            findings.Add(VerificationRule.IsoBrand, new FindingLocation(range.Address, null, range.Offset, "ftyp"), $"The brands (major: {ftyp.MajorBrand}) name no CMAF structural brand.");
    }

    private static void ReadMovie(
        BoxReader moov, ResourceRange range, ImmutableArray<InitializationTrack>.Builder tracks, ImmutableArray<UInt128>.Builder keyIds, Findings findings)
    {
        uint movieTimescale = 0;
        var hasExtends = false;
        var defaults = new Dictionary<uint, Trex>();
        var children = moov;
        while (children.TryReadBox(out var box))
        {
            if (box.Type == BoxType.Mvhd)
            {
                movieTimescale = Mvhd.Read(ref box).Timescale;
            }
            else if (box.Type == BoxType.Mvex)
            {
                hasExtends = true;
                while (box.TryReadBox(out var child))
                {
                    if (child.Type == BoxType.Trex && defaults.Count < MaxTracks && Trex.Read(ref child) is var trex)
                        defaults[trex.TrackId] = trex;
                }
            }
            else if (box.Type == Pssh)
            {
                ReadSystemHeader(ref box, keyIds);
            }
        }

        if (movieTimescale == 0)
            throw moov.Error(MediaFormatError.Missing, "There is no mvhd box.");
        if (!hasExtends)
            findings.Add(VerificationRule.IsoInitialization, At(range, moov), "The moov box has no mvex box: fragments may not follow it.");
        children = moov;
        for (var index = 0; children.TryReadBox(out var trak, index);)
        {
            if (trak.Type != BoxType.Trak)
                continue;
            index++;
            if (tracks.Count == MaxTracks)
                throw trak.Error(MediaFormatError.TooLarge, $"There are more than {MaxTracks} tracks.");
            tracks.Add(ReadTrack(trak, range, movieTimescale, defaults, findings));
        }

        if (tracks.Count > 1)
            findings.Add(VerificationRule.CmafTrack, At(range, moov), $"The file has {tracks.Count} tracks.");
    }

    private static InitializationTrack ReadTrack(
        BoxReader trak, ResourceRange range, uint movieTimescale, Dictionary<uint, Trex> defaults, Findings findings)
    {
        var children = trak;
        var tkhd = children.Find(BoxType.Tkhd);
        var id = Tkhd.Read(ref tkhd).TrackId;
        children = trak;
        var mdia = children.Find(BoxType.Mdia);
        var media = mdia;
        var mdhd = media.Find(BoxType.Mdhd);
        var timescale = Mdhd.Read(ref mdhd).Timescale;
        media = mdia;
        var hdlr = media.Find(BoxType.Hdlr);
        var handler = Hdlr.Read(ref hdlr).Type;
        var stbl = mdia.Find(BoxType.Minf).Find(BoxType.Stbl);

        var table = stbl;
        if (table.TryFind(BoxType.Stsz, out var stsz) && Stsz.Read(ref stsz).Count > 0)
            findings.Add(VerificationRule.IsoInitialization, At(range, stsz), "The moov box has samples of its own: the file is not only fragments.");
        if (!defaults.TryGetValue(id, out var trex))
            findings.Add(VerificationRule.IsoInitialization, At(range, trak), $"There is no trex box for track {id}.");

        var shift = 0L;
        children = trak;
        if (children.TryFind(BoxType.Edts, out var edts) && edts.TryFind(BoxType.Elst, out var elst))
        {
            try
            {
                var edit = SourceEdit.Read(ref elst, movieTimescale, timescale);
                shift = edit.Delay - (edit.MediaTime ?? 0);
            }
            catch (MediaFormatException exception) when (exception.Error == MediaFormatError.Unsupported)
            {
                findings.Add(VerificationRule.CmafEdit, new FindingLocation(range.Address, null, exception.Offset, exception.Path), exception.Message);
            }
        }

        var stsd = stbl.Find(BoxType.Stsd);
        stsd.ReadFullBoxHeader(highestVersion: 1);
        stsd.ReadUInt32();
        if (!stsd.TryReadBox(out var entry))
            throw stsd.Error(MediaFormatError.Missing, "The track has no sample entry.");
        var format = new FourCC(entry.Type);
        TrackProtection? protection = null;
        if (entry.Type == Encv || entry.Type == Enca || entry.Type == Enct)
            (format, protection) = ReadProtection(entry, range, findings);
        return new InitializationTrack
        {
            Id = id,
            Handler = handler,
            Timescale = timescale,
            Format = format,
            Entry = ReadEntry(entry, format, range, findings),
            NalLengthSize = handler == Hdlr.Video ? ReadNalLengthSize(entry) : 0,
            Protection = protection,
            Defaults = trex,
            PresentationShift = shift,
        };
    }

    private static SampleEntry? ReadEntry(BoxReader entry, FourCC format, ResourceRange range, Findings findings)
    {
        try
        {
            // An encrypted entry is the clear one under another name, with a sinf that readers of the clear one step over.
            var box = new byte[8 + entry.Remaining];
            BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
            BinaryPrimitives.WriteUInt32BigEndian(box.AsSpan(4), format.Value);
            var offset = entry.Offset - 8;
            entry.ReadRest().CopyTo(box.AsSpan(8));
            new BoxReader(box, offset).TryReadBox(out var clear);
            return clear.Type == BoxType.Mjpg ? StillPictureSampleEntry.Read(ref clear) : SampleEntry.Read(ref clear);
        }
        catch (MediaFormatException exception) when (exception.Error == MediaFormatError.Unsupported)
        {
            findings.Add(VerificationRule.IsoCodec, new FindingLocation(range.Address, null, exception.Offset, "moov/trak/mdia/minf/stbl/stsd"), exception.Message);
            return null;
        }
    }

    // ISO/IEC 14496-12 §8.5.2: the boxes of a visual entry stand behind 78 bytes, those of an audio entry of version 0 behind 28, of text behind 8.
    private static BoxReader ChildrenOf(BoxReader entry, int handlerSize)
    {
        entry.Skip(Math.Min(handlerSize, entry.Remaining));
        return entry;
    }

    private static int ReadNalLengthSize(BoxReader entry)
    {
        var children = ChildrenOf(entry, 78);
        while (children.TryReadBox(out var child))
        {
            if (child.Type == BoxType.AvcC && child.Remaining > 5)
                return (child.ReadBytes(5)[4] & 3) + 1; // ISO/IEC 14496-15 §5.3.3.1
            if (child.Type == HvcC && child.Remaining > 22)
                return (child.ReadBytes(22)[21] & 3) + 1; // §8.3.3.1
        }

        return 0;
    }

    private static (FourCC Format, TrackProtection? Protection) ReadProtection(BoxReader entry, ResourceRange range, Findings findings)
    {
        var type = entry.Type;
        var children = ChildrenOf(entry, type == Encv ? 78 : type == Enca ? 28 : 8);
        if (!children.TryFind(Sinf, out var sinf))
        {
            findings.Add(VerificationRule.EncryptionScheme, At(range, entry), "The encrypted sample entry has no sinf box.");
            return (new FourCC(type), null);
        }

        var (format, scheme) = (new FourCC(type), default(FourCC));
        TrackProtection? protection = null;
        while (sinf.TryReadBox(out var child))
        {
            if (child.Type == Frma)
            {
                format = new FourCC(child.ReadUInt32());
            }
            else if (child.Type == Schm)
            {
                child.ReadFullBoxHeader(highestVersion: 0);
                scheme = new FourCC(child.ReadUInt32());
            }
            else if (child.Type == Schi && child.TryFind(Tenc, out var tenc))
            {
                tenc.ReadFullBoxHeader(highestVersion: 1);
                tenc.Skip(2); // reserved, or the pattern
                var (isProtected, size) = (tenc.ReadUInt8() != 0, tenc.ReadUInt8());
                protection = new TrackProtection(default, BinaryPrimitives.ReadUInt128BigEndian(tenc.ReadBytes(16)), isProtected, size);
                if (isProtected && size == 0 && (tenc.Remaining == 0 || tenc.ReadUInt8() is not (8 or 16)))
                    findings.Add(VerificationRule.EncryptionScheme, At(range, tenc), "The tenc box has neither a vector size nor a constant vector.");
                if (size is not (0 or 8 or 16))
                    findings.Add(VerificationRule.EncryptionScheme, At(range, tenc), $"The tenc box says that vectors have {size} bytes; 0, 8 and 16 are allowed.");
            }
        }

        if (protection is null)
            findings.Add(VerificationRule.EncryptionScheme, At(range, sinf), "The encrypted sample entry has no tenc box.");
        if (scheme != FourCC.Of("cenc"u8) && scheme != FourCC.Of("cbcs"u8) && scheme != FourCC.Of("cens"u8) && scheme != FourCC.Of("cbc1"u8))
            findings.Add(VerificationRule.EncryptionScheme, At(range, sinf), $"The scheme is '{scheme}'; cenc, cbc1, cens or cbcs is wanted.");
        return (format, protection is null ? null : protection with { Scheme = scheme });
    }

    // ISO/IEC 23001-7 §8.1
    private static void ReadSystemHeader(ref BoxReader pssh, ImmutableArray<UInt128>.Builder keyIds)
    {
        var version = pssh.ReadFullBoxHeader(highestVersion: 1).Version;
        pssh.Skip(16);
        if (version == 0)
            return;
        var table = pssh.ReadTable(pssh.ReadUInt32(), 16);
        for (var at = 0; at < table.Length && keyIds.Count < 4096; at += 16)
            keyIds.Add(BinaryPrimitives.ReadUInt128BigEndian(table[at..]));
    }
}
