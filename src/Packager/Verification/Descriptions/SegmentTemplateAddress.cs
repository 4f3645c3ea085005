using System.Globalization;
using System.Text;

namespace Movento.Packager.Verification.Descriptions;

/// <summary>Addresses of SegmentTemplate (ISO/IEC 23009-1 §5.3.9.4.4): <c>$RepresentationID$</c>, <c>$Number%05d$</c>, <c>$Time$</c>, <c>$Bandwidth$</c>, <c>$$</c>.</summary>
internal static class SegmentTemplateAddress
{
    /// <summary>The address, or null where the template is wrong.</summary>
    public static string? Of(string template, string representation, long? bandwidth, long number, long time)
    {
        var text = new StringBuilder();
        var rest = template.AsSpan();
        while (rest.IndexOf('$') is var dollar and >= 0)
        {
            text.Append(rest[..dollar]);
            rest = rest[(dollar + 1)..];
            var end = rest.IndexOf('$');
            if (end < 0)
                return null;
            var name = rest[..end];
            rest = rest[(end + 1)..];
            var width = 1;
            if (name.IndexOf('%') is var percent and >= 0)
            {
                // %0Nd, and nothing else
                var format = name[(percent + 1)..];
                if (format.Length < 3 || format[0] != '0' || format[^1] != 'd' || !int.TryParse(format[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out width) || width is < 1 or > 32)
                    return null;
                name = name[..percent];
            }

            switch (name)
            {
                case "":
                    text.Append('$');
                    break;
                case "RepresentationID":
                    text.Append(representation);
                    break;
                case "Number":
                    text.Append(number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'));
                    break;
                case "Time":
                    text.Append(time.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'));
                    break;
                case "Bandwidth" when bandwidth is { } rate:
                    text.Append(rate.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'));
                    break;
                default:
                    return null;
            }
        }

        return text.Append(rest).ToString();
    }
}
