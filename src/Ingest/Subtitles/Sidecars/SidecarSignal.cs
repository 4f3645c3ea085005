namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>Wakes this process's <see cref="SidecarWorker"/>; being woken without work is harmless.</summary>
internal sealed class SidecarSignal : Signal;
