using Movento.Packager;
using Movento.Packager.Folders;

// OUT IN…: every track of the films, as CMAF with HLS and DASH in a folder that any web server can serve.
try
{
    var plan = await TrackPlan.ReadAsync(args[1..], CancellationToken.None);
    foreach (var (path, track) in plan.Skipped)
        Console.Error.WriteLine($"{path}, track {track.TrackId} is left out: {track.Refusal!.Message}");
    var film = await FolderPackager.PackageAsync(plan.Tracks, args[0], new FolderSettings { Segments = true }, progress: null, CancellationToken.None);
    foreach (var rendition in film.Renditions)
        Console.WriteLine($"{rendition.Id}: {rendition.Codecs}, {rendition.Segments.Length} segments, {rendition.SampleCount} samples, {rendition.Duration}");
    return 0;
}
catch (MediaFormatException error)
{
    Console.Error.WriteLine($"{error.Error} in {error.Path} at byte {error.Offset}: {error.Message}");
    return 1;
}
