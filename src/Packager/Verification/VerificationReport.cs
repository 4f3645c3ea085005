namespace Movento.Packager.Verification;

/// <summary>What a verification found.</summary>
/// <param name="Manifests">The manifests that were read, as addresses below the root.</param>
/// <param name="Tracks">Every track of every manifest, in the manifests' order, as measured.</param>
/// <param name="Findings">Errors first.</param>
/// <param name="OmittedFindings">How many more there were of rules that are broken again and again.</param>
/// <param name="BytesRead">Of manifests and media.</param>
public sealed record VerificationReport(
    IReadOnlyList<string> Manifests, IReadOnlyList<VerifiedTrack> Tracks, IReadOnlyList<Finding> Findings, int OmittedFindings, long BytesRead)
{
    /// <summary>Whether a standard is broken: such a presentation is not published.</summary>
    public bool HasErrors => Findings.Any(finding => finding.Severity == Severity.Error);
}

/// <summary>One track as a manifest names it and as its bytes are.</summary>
/// <param name="Manifest">The media playlist or the MPD.</param>
/// <param name="Name">The rendition's address or the representation's id.</param>
/// <param name="Kind"><c>video</c>, <c>audio</c>, <c>text</c>, <c>image</c> or <c>iframes</c>.</param>
/// <param name="Codecs">Of the bytes where they say it, else of the manifest; empty where neither does.</param>
/// <param name="Segments">How many the manifest lists.</param>
/// <param name="Duration">Measured; zero where the bytes do not say it.</param>
/// <param name="PeakBitrate">Bits a second, measured.</param>
/// <param name="AverageBitrate">Bits a second, measured.</param>
public sealed record VerifiedTrack(
    string Manifest, string Name, string Kind, string Codecs, int Segments, TimeSpan Duration, long PeakBitrate, long AverageBitrate);
