namespace Movento.Load.Delivery;

/// <summary>What one contest asks for; every server has the same bytes.</summary>
/// <param name="Name">As the tables call it.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="RangeSize">Where above zero, every request asks for so many bytes from a place at random.</param>
internal sealed record DeliveredFile(string Name, int Size, int RangeSize = 0)
{
    /// <summary>By which every server names it.</summary>
    public string Id { get; init; } = $"f{Size}";

    /// <summary>A media playlist of a short film, a segment of sound, one of 2 Mbit/s and one of 8 Mbit/s (4 s each), and a film's single file by ranges.</summary>
    public static IReadOnlyList<DeliveredFile> All { get; } =
    [
        new("2 KB", 2 << 10), new("64 KB", 64 << 10), new("1 MB", 1 << 20), new("4 MB", 4 << 20), new("256 KB of 256 MB", 256 << 20, RangeSize: 256 << 10),
    ];

    /// <summary>As the tables call <see cref="Mix"/>.</summary>
    public const string MixName = "the mix";

    /// <summary>What a player asks for in steady play: a segment of pictures and one of sound in turn, now and then a playlist.</summary>
    public static IReadOnlyList<(DeliveredFile File, int Share)> Mix { get; } = [(All[0], 1), (All[1], 10), (All[2], 8), (All[3], 2)];
}
