using System.Globalization;
using System.Text;

namespace Movento.Edge.Tests.Host;

/// <summary>One answer as it came over a connection.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Head">The status line and all fields, as text.</param>
/// <param name="Body">As long as Content-Length says.</param>
internal sealed record WireAnswer(int Status, string Head, byte[] Body)
{
    /// <summary>Every answer that <paramref name="bytes"/> holds, to GET and the like; strict, and nothing may be left over.</summary>
    public static IReadOnlyList<WireAnswer> ReadAll(byte[] bytes)
    {
        var answers = new List<WireAnswer>();
        var position = 0;
        while (position < bytes.Length)
        {
            var length = bytes.AsSpan(position).IndexOf("\r\n\r\n"u8);
            Assert.True(length > 0, $"no head of an answer: {Encoding.Latin1.GetString(bytes, position, Math.Min(200, bytes.Length - position))}");
            var head = Encoding.Latin1.GetString(bytes, position, length);
            Assert.StartsWith("HTTP/1.1 ", head, StringComparison.Ordinal);
            position += length + 4;
            var status = int.Parse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            if (status == 100) continue;
            var body = int.Parse(FieldOf(head, "Content-Length") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture);
            Assert.True(position + body <= bytes.Length, "an answer ends before its body does");
            answers.Add(new WireAnswer(status, head, bytes[position..(position + body)]));
            position += body;
        }

        return answers;
    }

    /// <summary>The value of a field, or null.</summary>
    public string? Field(string name) => FieldOf(Head, name);

    private static string? FieldOf(string head, string name) => head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();
}
