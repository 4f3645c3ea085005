namespace Movento.Packager.Presentations;

/// <summary>The shape of a pixel: its width over its height, reduced.</summary>
/// <param name="Horizontal">At least 1.</param>
/// <param name="Vertical">At least 1.</param>
public readonly record struct SampleAspectRatio(int Horizontal, int Vertical)
{
    /// <summary>As wide as high.</summary>
    public static readonly SampleAspectRatio Square = new(1, 1);

    // ISO/IEC 23091-2 Table 10, SampleAspectRatio 1 to 16
    private static ReadOnlySpan<byte> Codes =>
    [
        1, 1, 12, 11, 10, 11, 16, 11, 40, 33, 24, 11, 20, 11, 32, 11, 80, 33, 18, 11, 15, 11, 64, 33, 160, 99, 4, 3, 3, 2, 2, 1,
    ];

    /// <summary>The shape of a code of ISO/IEC 23091-2; square where the code is unspecified or unknown.</summary>
    public static SampleAspectRatio OfCode(uint code) =>
        code is >= 1 and <= 16 ? new(Codes[(int)(code - 1) * 2], Codes[(int)(code - 1) * 2 + 1]) : Square;

    /// <summary>A fraction, reduced; square where a part is 0 or above 31 bits, which the standards call unspecified.</summary>
    public static SampleAspectRatio OrSquare(uint horizontal, uint vertical)
    {
        if (horizontal is 0 or > int.MaxValue || vertical is 0 or > int.MaxValue)
            return Square;
        var (a, b) = (horizontal, vertical);
        while (b != 0)
            (a, b) = (b, a % b);
        return new((int)(horizontal / a), (int)(vertical / a));
    }
}
