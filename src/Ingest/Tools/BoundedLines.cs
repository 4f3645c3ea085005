using System.Text;

namespace Movento.Ingest.Tools;

/// <summary>Reads a tool's text by line, however long it makes them.</summary>
internal static class BoundedLines
{
    /// <summary>Characters kept of one line; the rest of it is dropped.</summary>
    public const int MaxLine = 1024;

    /// <summary>Reads until the end. Lines end with CR or LF; empty ones are left out.</summary>
    public static async Task ReadAsync(Stream stream, Action<string> onLine)
    {
        using var reader = new StreamReader(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        var line = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] is '\r' or '\n') Flush();
                else if (line.Length < MaxLine) line.Append(buffer[i]);
            }
        }
        Flush();

        void Flush()
        {
            if (line.Length == 0) return;
            onLine(line.ToString());
            line.Clear();
        }
    }
}
