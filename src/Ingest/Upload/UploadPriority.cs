using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload;

/// <summary>When a film's turn is, said with its upload: −1, 0 or 1 (docs/formats/uploads.md). It may be changed later, as any asset's.</summary>
internal static class UploadPriority
{
    public const int Lowest = -1;
    public const int Highest = 1;

    /// <summary>Reads it; 0 where it is not said.</summary>
    public static IngestError? Read(string? text, out int priority)
    {
        priority = text switch
        {
            null or "0" => 0,
            "1" => 1,
            "-1" => -1,
            _ => int.MaxValue,
        };
        return priority > Highest ? IngestError.InvalidPriority : null;
    }

    /// <summary>Whether it is one.</summary>
    public static bool IsValid(int priority) => priority is >= Lowest and <= Highest;
}
