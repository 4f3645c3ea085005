using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Checks;

/// <summary>What manifests say of the same files, held against one another.</summary>
internal static class ManifestChecks
{
    public static void Check(IReadOnlyList<MeasuredTrack> tracks, Findings findings)
    {
        // :: The same file, cut by different manifests
        var files = tracks.Where(track => track.Declaration.Kind == DeclaredKind.Fragments && track.Declaration.Segments.Count > 0 && track.Declaration.Segments[0].Bytes.Size is not null)
            .GroupBy(track => track.Declaration.Segments[0].Bytes.Address, StringComparer.Ordinal);
        foreach (var file in files)
        {
            var all = file.ToArray();
            foreach (var other in all.Skip(1).Where(track => track.Declaration.Manifest != all[0].Declaration.Manifest))
                CheckCuts(all[0].Declaration, other.Declaration, findings);
        }

        // :: Keys: every initialization segment's own, and those of its pssh boxes (ISO/IEC 23001-7 §8.1)
        foreach (var initialization in tracks.Select(track => track.Initialization).OfType<InitializationSegment>().DistinctBy(initialization => initialization.Address))
        {
            foreach (var track in initialization.Tracks)
            {
                if (track.Protection is { IsProtected: true, KeyId: var key } && key != 0 && initialization.SystemKeyIds.Length > 0 && !initialization.SystemKeyIds.Contains(key))
                    findings.Add(VerificationRule.EncryptionKeyId, new FindingLocation(initialization.Address, null, null, "moov/pssh"), $"tenc has the key id {key:x32}; the pssh boxes list others.");
            }
        }
    }

    private static void CheckCuts(TrackDeclaration first, TrackDeclaration other, Findings findings)
    {
        var count = Math.Min(first.Segments.Count, other.Segments.Count);
        for (var index = 0; index < count; index++)
        {
            if (first.Segments[index].Bytes == other.Segments[index].Bytes)
                continue;
            findings.Add(
                VerificationRule.ManifestsAgree, other.At(other.Segments[index]),
                $"Segment {index + 1} is bytes {Text(other.Segments[index])}; '{first.Manifest}' says {Text(first.Segments[index])}.");
            return;
        }

        if (first.Segments.Count != other.Segments.Count)
            findings.Add(VerificationRule.ManifestsAgree, other.Location, $"There are {other.Segments.Count} segments; '{first.Manifest}' has {first.Segments.Count} of the same file.");
    }

    private static string Text(SegmentDeclaration segment) => $"{segment.Bytes.Offset} to {segment.Bytes.Offset + segment.Bytes.Size - 1}";
}
