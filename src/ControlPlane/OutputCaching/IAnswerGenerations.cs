namespace Movento.ControlPlane.OutputCaching;

/// <summary>
/// Names what answers were made of. A change makes a new generation, under whose name answers are kept from then on: one that was being
/// read from the database while the change was written can only be kept under the old name, where nobody looks any more.
/// </summary>
internal interface IAnswerGenerations
{
    /// <summary>The generation of answers with this tag, to be asked before anything is read; null where nobody can say it: then none may
    /// be kept or given.</summary>
    ValueTask<string?> CurrentAsync(string tag);

    /// <summary>To be called once a change is committed: whoever asks after it has returned sees the change. Never fails.</summary>
    ValueTask ChangedAsync(string tag);
}
