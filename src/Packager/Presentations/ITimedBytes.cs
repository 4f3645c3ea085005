namespace Movento.Packager.Presentations;

/// <summary>What a media playlist lists: some bytes that last some time. So that a bit rate is measured in one place.</summary>
internal interface ITimedBytes
{
    /// <summary>In bytes.</summary>
    long Size { get; }

    /// <summary>In ticks.</summary>
    long Duration { get; }
}
