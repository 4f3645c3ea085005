namespace Movento.Contracts;

/// <summary>The key ring in use. A rotation replaces it whole while the process runs: whoever reads it sees the old one or the new one.</summary>
/// <param name="ring">The first one.</param>
public sealed class PlaybackKeys(PlaybackKeyRing ring)
{
    private volatile PlaybackKeyRing _ring = ring;

    /// <summary>The ring of the moment: read it once for one decision.</summary>
    public PlaybackKeyRing Ring => _ring;

    /// <summary>Puts another ring in the old one's place.</summary>
    public void Replace(PlaybackKeyRing ring) => _ring = ring;
}
