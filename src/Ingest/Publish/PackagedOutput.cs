using Movento.Packager.Presentations;

namespace Movento.Ingest.Publish;

/// <summary>One packaged rendition as a file in the job's folder.</summary>
internal sealed record PackagedOutput(Rendition Rendition, string Path);
