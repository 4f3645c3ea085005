using System.Buffers.Binary;
using Movento.Packager.Verification.Descriptions;

namespace Movento.Packager.Verification.Checks;

/// <summary>Thumbnail tiles (DASH-IF IOP §6.2.6): JPEGs of the size that the MPD says.</summary>
internal static class ThumbnailChecks
{
    private const string Scheme = "http://dashif.org/guidelines/thumbnail_tile";
    private const int MaxHeader = 64 << 10;

    public static async ValueTask CheckAsync(RepresentationDeclaration representation, Library library, Findings findings, CancellationToken cancellationToken)
    {
        var (width, height) = (MpdValues.Integer(representation["width"]), MpdValues.Integer(representation["height"]));
        var tile = representation.Descriptors("EssentialProperty").Concat(representation.Descriptors("SupplementalProperty"))
            .FirstOrDefault(property => property["schemeIdUri"] is Scheme or "http://dashif.org/thumbnail_tile");
        if (tile?["value"] is not { } value || value.Split('x') is not [var columns, var rows] || MpdValues.Integer(columns) is not (> 0 and var across) || MpdValues.Integer(rows) is not (> 0 and var down))
            findings.Add(VerificationRule.DashThumbnails, representation.Track.Location, $"No property of {Scheme} says how many pictures a file has.");
        else if (width % across != 0 || height % down != 0)
            findings.Add(VerificationRule.DashThumbnails, representation.Track.Location, $"{width}x{height} pixels are not {value} pictures of whole pixels.");
        foreach (var segment in representation.Track.Segments)
        {
            var location = new FindingLocation(segment.Bytes.Address);
            try
            {
                var start = await library.Open(segment.Bytes.Address).ReadAsync(segment.Bytes.Offset, MaxHeader, cancellationToken).ConfigureAwait(false);
                if (SizeOf(start) is not { } size)
                    findings.Add(VerificationRule.DashThumbnails, location, "The file is not a JPEG.");
                else if (size.Width != width || size.Height != height)
                    findings.Add(VerificationRule.DashThumbnails, location, $"The picture has {size.Width}x{size.Height} pixels; the MPD says {width}x{height}.");
            }
            catch (PresentationSourceException exception)
            {
                findings.Add(VerificationRule.SourceMissing, representation.Track.At(segment), exception.Message);
            }
        }
    }

    // ITU-T T.81 §B.2.2: the frame header is a segment of type SOF0 to SOF15, but for DHT, JPG and DAC.
    private static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg.Length < 4 || jpeg[0] != 0xff || jpeg[1] != 0xd8)
            return null;
        var at = 2;
        while (at + 9 < jpeg.Length && jpeg[at] == 0xff)
        {
            var marker = jpeg[at + 1];
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
                return (BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 5)..]));
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
        }

        return null;
    }
}
