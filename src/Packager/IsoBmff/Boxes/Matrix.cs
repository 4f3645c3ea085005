using System.Runtime.CompilerServices;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>How pictures are turned, mirrored and moved before they are shown: nine fixed-point numbers; ISO/IEC 14496-12 §8.3.2.</summary>
[InlineArray(9)]
public struct Matrix
{
    private int _first;

    /// <summary>Pictures as they are.</summary>
    public static Matrix Identity
    {
        get
        {
            var matrix = default(Matrix);
            matrix[0] = matrix[4] = 0x00010000;
            matrix[8] = 0x40000000;
            return matrix;
        }
    }

    /// <summary>Reads 36 bytes.</summary>
    public static Matrix Read(scoped ref BoxReader box)
    {
        var matrix = default(Matrix);
        for (var index = 0; index < 9; index++)
            matrix[index] = box.ReadInt32();
        return matrix;
    }

    /// <summary>Writes 36 bytes.</summary>
    public readonly void Write(BoxWriter writer)
    {
        foreach (var value in this)
            writer.WriteInt32(value);
    }
}
