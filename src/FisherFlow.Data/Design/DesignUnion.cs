namespace FisherFlow.Data.Design;

/// <summary>Where another encoder's columns, outcomes and clusters went when it was absorbed.</summary>
/// <param name="Columns">For every column of the other, its index here.</param>
/// <param name="Outcomes">For every outcome of the other, its index here.</param>
/// <param name="Clusters">For every cluster of the other, its number here.</param>
public sealed record DesignUnion(int[] Columns, int[] Outcomes, int[] Clusters);
