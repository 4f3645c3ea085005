namespace Movento.Ingest.Jobs;

/// <summary>Wakes the workers of this process; being woken without work is harmless.</summary>
internal sealed class WorkerSignal : Signal;
