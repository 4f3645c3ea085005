namespace Movento.Ingest.Encode.Tasks;

/// <summary>Wakes the encoders of this process.</summary>
internal sealed class EncodeTaskSignal : Signal;
