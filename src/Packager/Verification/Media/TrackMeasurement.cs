using System.Security.Cryptography;

namespace Movento.Packager.Verification.Media;

/// <summary>Measures whole tracks: every segment, and how each follows on the one before.</summary>
internal sealed class TrackMeasurement(Library library, MediaReader media, VerificationOptions options, Findings findings)
{
    // Whole segments are decrypted at once.
    private const int MaxEncryptedSegment = 64 << 20;
    private const int MaxMissing = 64;

    /// <summary>Measures a track, as far as it can be read.</summary>
    public async ValueTask<MeasuredTrack> MeasureAsync(TrackDeclaration declaration, CancellationToken cancellationToken)
    {
        var track = new MeasuredTrack(declaration)
        {
            Segments = new MeasuredSegment?[declaration.Segments.Count], Sizes = new long[declaration.Segments.Count],
        };
        try
        {
            await MeasureAsync(track, cancellationToken).ConfigureAwait(false);
        }
        catch (PresentationSourceException exception)
        {
            findings.Add(VerificationRule.SourceMissing, declaration.Location, exception.Message);
        }

        CheckSequence(track);
        return track;
    }

    private async ValueTask MeasureAsync(MeasuredTrack track, CancellationToken cancellationToken)
    {
        var declaration = track.Declaration;
        Library.Cursor? file = null;
        var missing = 0;
        for (var index = 0; index < declaration.Segments.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var segment = declaration.Segments[index];
            if (await media.LengthAsync(segment.Bytes, declaration.At(segment), cancellationToken).ConfigureAwait(false) is not { } size)
            {
                // Where so much is missing, the rest would only be asked for in vain.
                if (++missing == MaxMissing)
                    break;
                continue;
            }

            track.Sizes[index] = size;
            if (declaration.Kind != DeclaredKind.Fragments)
                continue;
            if (segment.Map is not { } map)
            {
                findings.Add(VerificationRule.HlsMap, declaration.At(segment), "The segment has no initialization segment.");
                break;
            }

            if (segment.Key is { Method: "AES-128" })
            {
                await MeasureEncryptedAsync(track, index, size, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (await media.InitializationAsync(map, declaration.At(segment), cancellationToken).ConfigureAwait(false) is not { } initialization)
                break;
            track.Initialization ??= initialization;
            if (file?.Address != segment.Bytes.Address)
                file = library.Open(segment.Bytes.Address);
            track.Segments[index] = await media.SegmentAsync(file, segment.Bytes, initialization, declaration.At(segment), cancellationToken).ConfigureAwait(false);
        }
    }

    private void CheckSequence(MeasuredTrack track)
    {
        for (var index = 0; index < track.Segments.Length && track.Leading is not null; index++)
        {
            if (track.Segments[index] is not { } segment)
                continue;
            var before = index > 0 ? track.Segments[index - 1] : null;
            if (before is not null && !track.Declaration.Segments[index].IsDiscontinuous)
            {
                if (segment.FirstSequenceNumber <= before.LastSequenceNumber)
                    findings.Add(
                        VerificationRule.IsoSequence, new FindingLocation(segment.Bytes.Address, null, segment.Bytes.Offset, "moof/mfhd"),
                        $"The sequence number {segment.FirstSequenceNumber} follows {before.LastSequenceNumber}.");
                foreach (var run in segment.Runs)
                {
                    if (before.Find(run.Track.Id) is { } last)
                        media.CheckContinuity(run.Track, last.DecodeEnd, run.DecodeStart, new FindingLocation(segment.Bytes.Address, null, segment.Bytes.Offset, "moof/traf/tfdt"));
                }
            }

            if (segment.Find(track.Leading!.Id) is not { } leading)
            {
                findings.Add(
                    VerificationRule.IsoSegment, new FindingLocation(segment.Bytes.Address, null, segment.Bytes.Offset), $"The segment has no sample of track {track.Leading.Id}.");
                continue;
            }

            CheckStart(segment, leading);
        }
    }

    private void CheckStart(MeasuredSegment segment, MeasuredRun run)
    {
        var location = new FindingLocation(segment.Bytes.Address, null, segment.Bytes.Offset, "moof/traf/trun");
        if (!run.BeginsWithSync)
            findings.Add(VerificationRule.IsoSync, location, "The segment's first sample is not flagged as a sync sample.");
        else if (run.Track.IsVideo && run.EarliestPresentation < run.FirstPresentation)
            findings.Add(VerificationRule.IsoSync, location, $"The segment begins with an open group of pictures: a picture is shown {run.Track.Seconds(run.FirstPresentation - run.EarliestPresentation):0.###} s before the first one.");
        if (run.BeginsWithKeyPicture == false)
            findings.Add(VerificationRule.IsoKeyPicture, location, $"The segment's first sample is flagged as a sync sample; its {run.Track.Format} bytes are of a picture that depends on others.");
    }

    private async ValueTask MeasureEncryptedAsync(MeasuredTrack track, int index, long size, CancellationToken cancellationToken)
    {
        var (declaration, segment) = (track.Declaration, track.Declaration.Segments[index]);
        var location = new FindingLocation(segment.Bytes.Address, null, segment.Bytes.Offset);
        if (size % 16 != 0)
        {
            findings.Add(VerificationRule.EncryptionBlock, location, $"The segment has {size} bytes, which are not whole blocks of 16.");
            return;
        }

        if (options.KeyOf is null || SourceAddress.Resolve(library.Root, declaration.Manifest, segment.Key!.Address) is not { } address
            || await options.KeyOf(address, cancellationToken).ConfigureAwait(false) is not { } key)
            return;
        if (size > MaxEncryptedSegment)
        {
            findings.Add(VerificationRule.SourceLimit, location, $"The segment has {size} bytes; at most {MaxEncryptedSegment} are decrypted.");
            return;
        }

        var decrypted = new DecryptedSource(library.Root);
        try
        {
            using var aes = Aes.Create();
            aes.Key = key;
            var vector = new byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(vector, segment.Key.InitializationVector ?? (UInt128)segment.SequenceNumber);
            decrypted.Add(segment.Bytes.Address, aes.DecryptCbc(await ReadAsync(segment.Bytes, size).ConfigureAwait(false), vector));
            if (segment.Map is { } map && await media.LengthAsync(map, declaration.At(segment), cancellationToken).ConfigureAwait(false) is { } mapSize and <= MaxEncryptedSegment)
            {
                // A map that stands under the key is encrypted too (§4.4.4.5); one in the clear begins with ftyp.
                var bytes = await ReadAsync(map, mapSize).ConfigureAwait(false);
                if (bytes.Length > 8 && !bytes.AsSpan(4, 4).SequenceEqual("ftyp"u8) && bytes.Length % 16 == 0)
                    bytes = aes.DecryptCbc(bytes, vector);
                track.Initialization ??= InitializationReader.Read(bytes, map with { Offset = 0 }, findings);
            }
        }
        catch (CryptographicException)
        {
            findings.Add(VerificationRule.EncryptionBlock, location, "The segment cannot be decrypted with its key and vector: the padding at its end is wrong.");
            return;
        }

        if (track.Initialization is null)
            return;
        var inside = new Library(decrypted);
        var reader = new MediaReader(inside, findings);
        track.Segments[index] = await reader.SegmentAsync(
            inside.Open(segment.Bytes.Address), new ResourceRange(segment.Bytes.Address, 0, null), track.Initialization, declaration.At(segment), cancellationToken).ConfigureAwait(false);

        ValueTask<byte[]> ReadAsync(ResourceRange range, long count) => library.Open(range.Address).ReadAsync(range.Offset, (int)count, cancellationToken);
    }
}
