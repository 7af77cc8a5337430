"""What is bought for the project: from announcement to contract follow-up."""
