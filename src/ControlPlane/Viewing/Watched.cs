namespace Movento.ControlPlane.Viewing;

/// <summary>A word of a player: where a user was in a film, and when.</summary>
/// <param name="User">Whose player.</param>
/// <param name="Profile">Who of that account; nil for nobody in particular.</param>
/// <param name="Asset">The film.</param>
/// <param name="Position">From its beginning, in seconds.</param>
/// <param name="Duration">Of the film, in seconds.</param>
/// <param name="At">By the clock of the server.</param>
internal readonly record struct Watched(Guid User, Guid Profile, Guid Asset, float Position, float Duration, DateTime At)
{
    /// <summary>Who is so near the end has seen it: what follows are credits. A twentieth of the film, at most five minutes.</summary>
    public bool IsCompleted => IsEnd(Position, Duration);

    public static bool IsEnd(double position, double duration) => duration > 0 && duration - position <= Math.Min(duration / 20, 300);
}
