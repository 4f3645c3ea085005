using System.Runtime.CompilerServices;
using System.Text;

namespace Movento.Packager.IsoBmff;

/// <summary>
/// Where a box lies: the types of the boxes around it, from the outside in, with the number of earlier siblings of the
/// same type. A value, so that keeping it costs nothing until an error is written down.
/// </summary>
public struct BoxPath
{
    // moov/trak/mdia/minf/stbl/stsd/mp4a/wave/esds is the deepest way that this library goes.
    private const int MaxDepth = 10;

    private Steps _steps;
    private int _depth;

    /// <summary>The path of a child.</summary>
    /// <param name="type">The type of the child.</param>
    /// <param name="index">How many siblings of that type stand before it.</param>
    public readonly BoxPath Enter(uint type, int index = 0)
    {
        var child = this;
        if (child._depth < MaxDepth)
            child._steps[child._depth++] = (ulong)type << 32 | (uint)index;
        return child;
    }

    /// <summary>Such as <c>moov/trak[1]/mdia</c>; empty for the file itself.</summary>
    public override readonly string ToString()
    {
        var text = new StringBuilder();
        for (var depth = 0; depth < _depth; depth++)
        {
            if (depth > 0)
                text.Append('/');
            text.Append(new FourCC((uint)(_steps[depth] >> 32)).ToString());
            if ((uint)_steps[depth] is var index and not 0)
                text.Append('[').Append(index).Append(']');
        }

        return text.ToString();
    }

    [InlineArray(MaxDepth)]
    private struct Steps
    {
        private ulong _first;
    }
}
